import { expect, it } from 'vitest';
import { type AnswerBodySource, createAnswerBody, readText } from './answer-body';

function told(body: AnswerBodySource): string[] {
  const list: string[] = [];
  body.readWith({
    onBytes: (bytes) => list.push(bytes.toString()),
    onEnd: () => list.push('end'),
    onError: () => list.push('error'),
  });
  return list;
}

it('hands over what came before anybody read, then each piece as it comes', () => {
  const body = createAnswerBody();
  body.push(Buffer.from('one'));
  const list = told(body);
  expect(list).toEqual(['one']);
  body.push(Buffer.from('two'));
  expect(list).toEqual(['one', 'two']);
  body.end();
  expect(list).toEqual(['one', 'two', 'end']);
});

it('tells an end that came before anybody read, and nothing that comes after it', () => {
  const body = createAnswerBody();
  body.push(Buffer.from('one'));
  body.fail();
  body.end();
  expect(told(body)).toEqual(['one', 'error']);
});

it('goes on with the reader last given', () => {
  const body = createAnswerBody();
  const first = told(body);
  body.push(Buffer.from('one'));
  const second = told(body);
  body.push(Buffer.from('two'));
  body.end();
  expect([first, second]).toEqual([['one'], ['two', 'end']]);
});

it('gives the text of a body within its limit, and none of one that is larger or breaks', async () => {
  const whole = createAnswerBody();
  whole.push(Buffer.from([0xe2, 0x82]));
  const text = readText(whole, 4);
  whole.push(Buffer.from([0xac]));
  whole.end();
  expect(await text).toBe('€');

  const large = createAnswerBody();
  large.push(Buffer.from('12345'));
  expect(await readText(large, 4)).toBeNull();

  const broken = createAnswerBody();
  broken.push(Buffer.from('1'));
  broken.fail();
  expect(await readText(broken, 4)).toBeNull();
});
