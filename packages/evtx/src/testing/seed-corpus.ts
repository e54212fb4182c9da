// The logs that fuzzing and the properties begin with: every kind of record that our writer can write.

import { cmdlet, created, firstTime, logOf, someLog, systemElement } from './logs.ts';
import { eventBody, writeEvtx, type EvtxElement, type EvtxValue, type SlotType } from '../writer/index.ts';

const guid = '5770385f-c22a-43e0-bf4c-06f5698ffbd9';
const values: readonly (readonly [SlotType, EvtxValue])[] = [
  ['string', 'C:\\Windows\\System32\\cmd.exe'],
  ['ansi', Uint8Array.of(0x41, 0x80)],
  ['int8', -1],
  ['uint16', 443],
  ['uint32', 4_294_967_295],
  ['int64', -9n],
  ['float64', 0.5],
  ['bool', true],
  ['binary', Uint8Array.of(1, 2, 3)],
  ['guid', guid],
  ['size64', 4096n],
  ['filetime', 132_592_107_067_891_234n],
  ['systemtime', firstTime],
  ['sid', 'S-1-5-21-1-2-3-500'],
  ['hex64', 0x1410n],
  ['string[]', ['a', 'b', '']],
  ['uint16[]', [1, 2, 3]],
];

const everyType: EvtxElement = {
  name: 'EventData',
  children: values.map(([type], slot) => ({
    name: 'Data',
    attributes: [['Name', `Field${slot}`]],
    children: [{ slot, type, isOptional: slot % 2 === 0 }],
  })),
};

const oddMarkup: EvtxElement = {
  name: 'UserData',
  children: [
    { target: 'hint', data: 'data' },
    {
      name: 'Leaf',
      attributes: [['a', 'x']],
      children: ['A', { character: 0x42 }, { entity: 'amp' }, { cdata: '<c>' }],
    },
    { name: 'Leaf', children: ['before ', { slot: 0, type: 'string' }], dependsOn: 0 },
  ],
};

/** Without a template, twice in one log. */
function writtenOut(): Uint8Array {
  const body: EvtxElement = { name: 'Event', children: [systemElement, oddText('one'), oddText('two')] };
  return writeEvtx([
    { time: firstTime, body },
    { time: firstTime + 1, body },
  ]);
}

function oddText(text: string): EvtxElement {
  return { name: 'EventData', children: [{ name: 'Data', attributes: [['Name', 'V']], children: [text] }] };
}

function twoKinds(): Uint8Array {
  const base = { time: firstTime, record: 1, computer: 'ex1' };
  return writeEvtx([
    { time: firstTime, body: eventBody(created, { ...base, values: [1, 'a.exe', 'b.aspx'] }) },
    {
      time: firstTime,
      body: eventBody(cmdlet, { ...base, record: 2, values: [['Get-Mailbox', 'x'], Uint8Array.of(1)] }),
    },
  ]);
}

export function seedLogs(): readonly Uint8Array[] {
  return [
    someLog(30),
    someLog(200),
    logOf(
      [everyType],
      values.map(([, value]) => value),
    ),
    logOf([oddMarkup], ['x']),
    writtenOut(),
    twoKinds(),
  ];
}
