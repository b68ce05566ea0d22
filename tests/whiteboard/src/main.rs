//! Serves the whiteboard on a loopback address, for whoever tries it.

use std::{env, io, sync::Arc};

use accord_whiteboard::{App, Boards, protocol};

