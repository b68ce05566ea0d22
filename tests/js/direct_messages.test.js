// Sending, replying, editing and deleting in conversations.
import { after } from 'node:test';
import { CONVERSATION } from './harness/kinds.js';
import { Server } from './harness/server.js';
import { messageSuite } from './suites/messages.js';

const server = await Server.start();
after(() => server.close());

messageSuite(CONVERSATION, server);
