import assert from "node:assert/strict";
import { test } from "node:test";

import { type KeywordReading, readKeyword, wantsAllStopped } from "./opt-out-words.ts";

const cases: [text: string, kind: KeywordReading["kind"]][] = [
  ["STOP", "opt-out"],
  ["stop.", "opt-out"],
  ["Stop please", "opt-out"],
  ["please STOP!!!", "opt-out"],
  ["Stop texting me", "opt-out"],
  ["ＳＴＯＰ", "opt-out"],
  ["QUIT", "opt-out"],
  ["end", "opt-out"],
  ["Revoke", "opt-out"],
  ["OPT OUT", "opt-out"],
  ["opt-out", "opt-out"],
  ["OPTOUT", "opt-out"],
  ["cancel", "opt-out"],
  ["unsubscribe 🙏", "opt-out"],
  ["СТОП", "opt-out"],
  ["стоп, пожалуйста", "opt-out"],
  ["Отписаться", "opt-out"],
  ["退订", "opt-out"],
  ["请退订，谢谢", "opt-out"],
  ["TD", "opt-out"],
  ["t", "opt-out"],
  ["回T", "opt-out"],
  ["Stopp bitte", "opt-out"],
  ["abmelden", "opt-out"],
  ["BAJA", "opt-out"],
  ["Darse de baja por favor", "opt-out"],
  ["arrêt", "opt-out"],
  ["Arrêtez s’il vous plaît", "opt-out"],
  ["停止", "opt-out"],
  ["配信停止", "opt-out"],
  ["ストップ", "opt-out"],
  ["Sair", "opt-out"],
  ["Cancelar", "opt-out"],
  ["Basta", "opt-out"],
  ["Wypisz", "opt-out"],
  ["rezygnuję", "opt-out"],
  ["Відписатися", "opt-out"],
  ["İptal", "opt-out"],
  ["dur", "opt-out"],
  ["إلغاء", "opt-out"],
  ["توقف", "opt-out"],
  ["stop by the shop", "ambiguous"],
  ["do not stop", "ambiguous"],
  ["I want to cancel my contract", "ambiguous"],
  ["хочу отписаться от звонков соседа", "ambiguous"],
  ["我想退订套餐吗", "ambiguous"],
  ["I will pay by the end of the month", "none"],
  ["HELP", "help"],
  ["help please", "help"],
  ["Помощь", "help"],
  ["帮助", "help"],
  ["help me with my bill", "none"],
  ["START", "opt-in"],
  ["unstop", "opt-in"],
  ["Старт", "opt-in"],
  ["start tomorrow", "none"],
  ["1", "none"],
  ["ДА", "none"],
  ["", "none"],
  ["  …  ", "none"],
];
for (const [text, kind] of cases) {
  test(`"${text}" is read as ${kind}`, () => assert.equal(readKeyword(text).kind, kind));
}

test("a hundred kilobytes are read in a moment", () => {
  const before = process.cpuUsage();
  for (const unit of ["STOP ", "S", "’", "回", "é", "OPT  "]) readKeyword(unit.repeat(100_000));
  assert.ok(process.cpuUsage(before).user < 2_000_000);
});

test("an opt-out asks for all to stop when it says so, and a sentence with both words does not", () => {
  for (const text of ["STOP ALL", "stopall", "Отписаться от всего", "退订全部"]) assert.ok(wantsAllStopped(text), text);
  for (const text of ["STOP", "退订", "stop by all the shops", "all"]) assert.ok(!wantsAllStopped(text), text);
});
