// What does json-graphql-server serve of the rows that are compared with local tables? It takes types from values: what
// JSON cannot hold stays text, points in time have milliseconds, JSON is objects. Of the nulls some are missing, as rows
// there lack them.
import { parts, things } from '../server/things_data.mjs';

export const kept = ['id', 'rank', 'label', 'whole', 'double', 'flag', 'words', 'exact', 'token', 'day', 'seen', 'document', 'tags', 'numbers'];

const values = (row) => ({ ...row, seen: new Date(row.seen).toISOString(), document: Array.isArray(row.document) ? null : row.document });
const shortened = (row) => Object.fromEntries(kept.filter((name) => row[name] !== null || row.id % 2).map((name) => [name, row[name]]));

export const jsonThings = { things: things.map(values).map(shortened), parts };
