/** Sentences of what was done to counts, locations and settings. */
import { countOf } from './numbers';

type Data = Readonly<Record<string, string | number | boolean>>;

const text = (data: Data, name: string): string => {
  const value = data[name];
  return typeof value === 'string' ? value.trim() : '';
};
const number = (data: Data, name: string): number => {
  const value = data[name];
  return typeof value === 'number' ? value : 0;
};
const count = (data: Data): string => {
  const name = text(data, 'countName');
  return name === '' ? 'A count' : `The count “${name}”`;
};
const place = (data: Data): string => text(data, 'locationName') || 'A location';

const partly = (data: Data): string =>
  number(data, 'partly') === 0 ? '' : `, ${countOf(number(data, 'partly'), 'line')} only in part`;

export const COUNT_SENTENCES: Readonly<Record<string, (data: Data) => string>> = {
  'count.started': (data) => `${count(data)} started, ${countOf(number(data, 'lines'), 'item')}.`,
  'count.uploaded': (data) => `The stock file “${text(data, 'countName')}” was sent.`,
  'count.read': (data) =>
    `The stock file “${text(data, 'countName')}” was read: ${countOf(number(data, 'rows'), 'row')}, ${countOf(number(data, 'problems'), 'problem')}.`,
  'count.failed': (data) =>
    `The stock file “${text(data, 'countName')}” could not be read: ${text(data, 'detail')}`,
  'count.recounted': (data) =>
    `${count(data)}: ${countOf(number(data, 'lines'), 'line')} to be counted again.`,
  'count.post_asked': (data) =>
    `${count(data)} is being posted: ${countOf(number(data, 'lines'), 'line')}.`,
  'count.posted': (data) =>
    `${count(data)} was posted: ${countOf(number(data, 'changed'), 'level')} changed, ${countOf(number(data, 'added'), 'unit')} added, ${countOf(number(data, 'removed'), 'unit')} removed${partly(data)}.`,
  'count.undo_asked': (data) => `${count(data)} is being undone.`,
  'count.undone': (data) =>
    `${count(data)} was undone: ${countOf(number(data, 'changed'), 'level')}${partly(data)}.`,
  'count.cancelled': (data) => `${count(data)} was given up.`,
  'location.added': (data) => `${place(data)} was added${changes(data)}.`,
  'location.changed': (data) => `${place(data)} was changed${changes(data)}.`,
  'location.switched_off': (data) => `${place(data)} was switched off.`,
  'location.switched_on': (data) => `${place(data)} was switched on.`,
  'settings.saved': () => 'Settings were changed.',
};

function changes(data: Data): string {
  const changed = text(data, 'changed');
  return changed === '' ? '' : `: ${changed}`;
}

export const COUNT_JOBS: Readonly<Record<string, string>> = {
  'read-count-file': 'Read a stock file',
  'post-count': 'Post a count',
  'undo-count': 'Undo a count',
};
