//! A whiteboard: a second protocol, on the gateway of the chat server.
//!
//! This is all that another team writes: `whiteboard.yaml`, and the business logic below, which fills the handler
//! traits that are generated from it. Clients of 1.0.0 are served as well, out of the same handlers; what of that no
//! conversion follows for is decided at the end. Boards live in memory.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use accord_runtime::{Authority, Call, Fault, Logged, Room};

/// The code that is generated from `whiteboard.yaml`.
pub mod protocol {
    include!(concat!(env!("OUT_DIR"), "/whiteboard.rs"));
}

use protocol::*;

/// The maximum number of strokes on a board.
pub const BOARD_CAPACITY: usize = 1_000;

/// The boards, by id.
#[derive(Debug, Default)]
pub struct Boards(Mutex<HashMap<String, Board>>);

/// One board.
#[derive(Debug, Default)]
struct Board {
    members: BTreeSet<String>,
    strokes: BTreeMap<i64, Stroke>,
    last_stroke: i64,
    frozen: bool,
}

impl Boards {
    /// Makes a board for these users.
    pub fn open<'a>(&self, board_id: &str, members: impl IntoIterator<Item = &'a str>) {
        let members = members.into_iter().map(str::to_owned).collect();
        self.lock().insert(board_id.to_owned(), Board { members, ..Board::default() });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Board>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The whiteboard's business logic.
#[derive(Clone, Debug)]
pub struct App(pub std::sync::Arc<Boards>);

impl Authority for App {
    async fn is_member(&self, user_id: &str, room: &Room) -> Result<bool, Fault> {
        Ok(self.0.lock().get(&room.id).is_some_and(|board| board.members.contains(user_id)))
    }
}

impl Connection for App {
    async fn connect(&self, call: Call) -> Result<ConnectReply, ConnectError> {
        Ok(ConnectReply { welcome: Welcome { user_id: call.identity().id.as_str().into() } })
    }
}

impl Whiteboard for App {
    async fn draw_stroke(
        &self,
        call: Call<scopes::Board>,
        payload: DrawStroke,
    ) -> Result<Logged<DrawStrokeReply>, DrawStrokeError> {
        let mut boards = self.0.lock();
        let board = boards.entry(call.member().room().id.clone()).or_default();
        if board.frozen {
            return Err(DrawStrokeError::BoardFrozen);
        }
        if board.strokes.len() >= BOARD_CAPACITY {
            return Err(DrawStrokeError::BoardFull);
        }
        board.last_stroke += 1;
        let stroke = Stroke {
            id: StrokeId(board.last_stroke),
            board_id: payload.board_id,
            user_id: call.identity().id.as_str().into(),
            tool: payload.tool,
            color: payload.color,
            width: payload.width.unwrap_or_else(|| usual_width(payload.tool)),
            dashed: payload.dashed.unwrap_or(false),
            points: payload.points,
        };
        board.strokes.insert(board.last_stroke, stroke.clone());
        Ok(DrawStrokeReply { stroke_drawn: stroke }.into())
    }

    async fn erase_stroke(
        &self,
        call: Call<scopes::Board>,
        payload: EraseStroke,
    ) -> Result<Logged<EraseStrokeReply>, EraseStrokeError> {
        let mut boards = self.0.lock();
        let board = boards.entry(call.member().room().id.clone()).or_default();
        if board.strokes.remove(&payload.stroke_id.0).is_none() {
            return Err(EraseStrokeError::StrokeNotFound);
        }
        Ok(EraseStrokeReply {
            stroke_erased: StrokeErased { board_id: payload.board_id, stroke_id: payload.stroke_id },
        }
        .into())
    }

    async fn freeze_board(
        &self,
        call: Call<scopes::Board>,
        payload: FreezeBoard,
    ) -> Result<Logged<FreezeBoardReply>, FreezeBoardError> {
        self.0.lock().entry(call.member().room().id.clone()).or_default().frozen = true;
        Ok(FreezeBoardReply { board_frozen: BoardFrozen { board_id: payload.board_id } }.into())
    }

    async fn move_cursor(
        &self,
        call: Call<scopes::Board>,
        payload: MoveCursor,
    ) -> Result<MoveCursorReply, MoveCursorError> {
        let user_id = call.identity().id.as_str().into();
        Ok(MoveCursorReply { cursor_moved: CursorMoved { board_id: payload.board_id, user_id, at: payload.at } })
    }
}

/// The default width of a tool's lines.
fn usual_width(tool: Tool) -> Width {
    Width(match tool {
        Tool::Pen => 2.0,
        Tool::Marker | Tool::Brush => 6.0,
        Tool::Highlighter => 16.0,
    })
}

/// Conversions of requests from clients of 1.0.0, whose lines had no color but a tool with its own ink.
impl v1::Upgrade for App {
    fn draw_stroke_color(&self, old: &v1::DrawStroke) -> Color {
        Color::from(match old.tool {
            v1::Tool::Pen => "#1e293b",
            v1::Tool::Marker => "#1d4ed8",
            v1::Tool::Highlighter => "#fde047",
        })
    }
}

/// Conversions of answers to clients of 1.0.0, which know fewer tools and errors.
impl v1::Downgrade for App {
    fn tool_brush(&self) -> v1::Tool {
        v1::Tool::Marker
    }

    fn draw_stroke_board_frozen(&self) -> v1::DrawStrokeError {
        v1::DrawStrokeError::BoardFull
    }
}
