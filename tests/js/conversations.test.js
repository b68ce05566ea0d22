// Joining and leaving conversations, and the receivers of events.
import { after } from 'node:test';
import { CONVERSATION } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { roomSuite } from './suites/rooms.js';

const server = await Server.start();
after(() => server.close());

roomSuite(CONVERSATION, server);
