// Checks of payloads, by the JSON Schema that the protocol's schema generates.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const bundle = JSON.parse(readFileSync(new URL('../../../schema/generated/json-schema/bundle.json', import.meta.url), 'utf8'));

// Formats are not checked: no payload of a client has one.
const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
ajv.addSchema(bundle, 'chat');

const compile = (type) => ajv.getSchema(`chat#/$defs/${type}`);

/** The compiled checks, by type. */
export const checks = { JoinChannel: compile('JoinChannel'), SendMessage: compile('SendMessage'), Message: compile('Message') };

/** The rules that a payload has just broken. */
export const violations = (check) => check.errors.map(({ instancePath, message }) => ({ path: instancePath, message }));
