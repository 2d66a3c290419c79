import assert from "node:assert/strict";
import { test } from "node:test";

import { replyText } from "./reply-text.ts";

test("a text that is too long is cut between two characters, not within one", () => {
  assert.equal(replyText(`${"a".repeat(99_999)}😀 more`), "a".repeat(99_999));
  assert.equal(replyText(`${"a".repeat(99_998)}😀 more`), `${"a".repeat(99_998)}😀`);
});

const cases: [program: string, mail: string, said: string][] = [
  [
    "Gmail in English",
    "Thanks, confirmed!\n\nOn Mon, Nov 2, 2026 at 10:00 AM Hub <reply+x@hub.example> wrote:\n> Please reply\n> 1\n",
    "Thanks, confirmed!",
  ],
  [
    "Gmail, its introduction on two lines",
    "1\n\nOn Mon, Nov 2, 2026 at 10:00 AM Hub with a long name\n<reply+x@hub.example> wrote:\n\n> Please\n",
    "1",
  ],
  [
    "Gmail in Russian",
    "Подтверждаю.\n\nпн, 2 нояб. 2026 г. в 10:00, Hub <reply+x@hub.example>:\n> Нажмите ответить\n",
    "Подтверждаю.",
  ],
  ["Mail.ru", "Да\n\n> 2 ноября 2026, в 10:00, Hub <reply@hub.example> написал(а):\n> \n> Нажмите\n", "Да"],
  ["Yandex", 'Да, хочу\n\n02.11.2026, 10:00, "Hub" <reply@hub.example>:\n> Нажмите\n', "Да, хочу"],
  [
    "Outlook in Russian",
    "Хорошо\n\nОт: Hub <reply@hub.example>\nОтправлено: 2 ноября 2026 г. 10:00\nКому: Клиент\nТема: Отключение\n\nНажмите ответить",
    "Хорошо",
  ],
  [
    "Gmail in Chinese",
    "收到，谢谢。\n\nHub <reply@hub.example> 于2026年11月2日周一 10:00写道：\n> 请回复确认\n",
    "收到，谢谢。",
  ],
  [
    "QQ mail",
    '好的\n\n------------------ 原始邮件 ------------------\n发件人: "Hub" <reply@hub.example>;\n发送时间: 2026年11月2日\n收件人: "我"\n\n请回复',
    "好的",
  ],
  [
    "Outlook in Chinese",
    "好\n\n发件人: Hub <reply@hub.example>\n发送时间: 2026年11月2日 10:00\n收件人: 我\n主题: 停电\n\n请回复",
    "好",
  ],
  [
    "Gmail in German",
    "Bestätigt.\n\nAm Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Hub <reply@hub.example>:\n> Bitte antworten\n",
    "Bestätigt.",
  ],
  [
    "Outlook in German",
    "Ja bitte\n\n-----Ursprüngliche Nachricht-----\nVon: Hub\nGesendet: Montag\nAn: ich\n\nBitte",
    "Ja bitte",
  ],
  ["French", "Oui\n\nLe lun. 2 nov. 2026 à 10:00, Hub <reply@hub.example> a écrit :\n> Répondez\n", "Oui"],
  ["Spanish", "Sí\n\nEl lun, 2 nov 2026 a las 10:00, Hub (<reply@hub.example>) escribió:\n> Responda\n", "Sí"],
  [
    "a telephone's signature",
    "1\n\nSent from my iPhone\n\nOn 2 Nov 2026, at 10:00, Hub <r@hub.example> wrote:\n\n> Please\n",
    "1",
  ],
  ["a signature", "Yes please\n-- \nAnna Berg\n+1 312 555 0101\n", "Yes please"],
  ["an answer below the quote", "On Mon, Nov 2, 2026, Hub <r@hub.example> wrote:\n> Reply 1 or 2\n\n2\n", "2"],
  [
    "a person who answers right under a full line of the quote",
    "On Mon, Jun 8, 2026 at 4:00 PM Shop <r@hub.example> wrote:\n> A thing for five dollars, which we are sure that you would like to have now\nstop\n",
    "stop",
  ],
  [
    "a program that leaves blank lines before its quote",
    "On Monday, Hub wrote:\n\n\n\n\n> Reply 1 or 2\n\nSTOP\n",
    "STOP",
  ],
  [
    "a telephone, its signature above the quote and the answer below",
    "Sent from my iPhone\n\nOn Jun 8, 2026, at 16:00, Hub <r@hub.example> wrote:\n\n> Reply 1\n\nSTOP\n",
    "STOP",
  ],
  [
    "a program that marks no quotes, the opt-out below",
    "On Mon, Jun 8, 2026 at 4:00 PM Hub <r@hub.example> wrote:\n\nA thing for $5. Reply 1.\n\nSTOP\n-- \nAnna\n",
    "STOP",
  ],
  [
    "a program that marks quotes by a bar, the opt-out below",
    "On Monday, Hub wrote:\n| A thing\n| Reply 1\n\nСтоп\n",
    "Стоп",
  ],
  [
    "Outlook, the opt-out below",
    "-----Original Message-----\nFrom: Hub\nSent: Monday\nTo: Anna\nSubject: x\n\nA thing.\n\nStop please\n",
    "Stop please",
  ],
  [
    "a person who wrote nothing, above a letter that ends as it likes",
    "On Monday, Hub wrote:\n\nA thing for $5.\n\nReply STOP to end this.\n",
    "",
  ],
  ["answers between the quotes", "> Do you want it?\nyes\n> By post?\nno\n", "yes\nno"],
  [
    "Outlook's rule",
    "ok\n\n________________________________\nFrom: Hub <r@hub.example>\nSent: Monday\nTo: Anna\nSubject: x\n\nPlease",
    "ok",
  ],
  [
    "a program that begins with a date, in no language we know",
    "Jah\n\n2026-11-02 10:00 GMT+01:00 Hub <reply@hub.example>:\n\nPalun vastake\n",
    "Jah",
  ],
  [
    "one whose introduction goes over three lines",
    "Igen\n\n2026. nov. 2. 10:00 Hub with a long name\n<reply+something-very-long@hub.example>\nezt írta:\n\nKérjük\n",
    "Igen",
  ],
  [
    "Outlook in Dutch, without a rule",
    "Goed\n\nVan: Hub [mailto:reply@hub.example]\nVerzonden: maandag 2 november 2026 10:00\nAan: Anna\nOnderwerp: Stroom\n\nGraag antwoord",
    "Goed",
  ],
  [
    "a telephone in Danish",
    "Ja\n\n-------- Oprindelig besked --------\nFra: Hub <reply@hub.example>\nDato: 02.11.2026 10.00\nTil: mig\n\nSvar",
    "Ja",
  ],
  ["Zoho", "1\n\n---- On Mon, 02 Nov 2026 10:00:00 +0100 reply@hub.example wrote ----\n\nPlease reply", "1"],
  [
    "answers of some lines under each question",
    "Hi,\nOn Mon, 2026-11-02 at 10:00, Hub wrote:\n> Do you want it?\n\nYes, I do.\nAs soon as can be.\n\n> By post?\n\nNo. By mail\nto my office.\n",
    "Hi,\n\nYes, I do.\nAs soon as can be.\n\nNo. By mail\nto my office.",
  ],
  [
    "a quote whose full line was broken",
    "1\n\n> Your data will be used up on the twelfth of the month at this rate, and then a\ngigabyte costs two dollars.\n",
    "1",
  ],
  [
    "a person who speaks of what was sent from where",
    "It was\n// Sent from my own program\nas I wrote: on 12.11.2026\nFrom: here, to: there.\n-- first\n-- second",
    "It was\n// Sent from my own program\nas I wrote: on 12.11.2026\nFrom: here, to: there.\n-- first\n-- second",
  ],
  [
    "a person who fills in a form",
    "Name: Anna Berg\nE-mail: anna@town.example\nSince: 2026",
    "Name: Anna Berg\nE-mail: anna@town.example\nSince: 2026",
  ],
  ["a thought before a quote", "On Monday.\n\n> On Nov 2, 2026, Hub <r@hub.example> wrote:\n> When?\n", "On Monday."],
  [
    "no quote at all",
    "On second thoughts, I wrote: nothing else.\nFrom: my heart",
    "On second thoughts, I wrote: nothing else.\nFrom: my heart",
  ],
  [
    "a person who divides a text by dashes",
    "First of all, thank you for the offer.\n--\nI do not want it now.\n——\nPlease send the bill by post.\n____\nSTOP",
    "First of all, thank you for the offer.\n--\nI do not want it now.\n——\nPlease send the bill by post.\n____\nSTOP",
  ],
  ["a signature below a rule", "Yes please.\n____\nAnna Berg\nTown Road 1", "Yes please."],
  [
    "a signature with a lawyer's words",
    "Thanks\n--\nAnna\nCEO, Berg Inc.\nThis mail is confidential and meant for one person.",
    "Thanks",
  ],
  ["a telephone of a make that is not known", "1\n\nSent from my Wiko RIDGE FAB", "1"],
  ["Horde", "Yes\n\nQuoting Hub <r@hub.example>:\n\n> x", "Yes"],
  ["two signatures", "Yes please.\n-- \nAnna Berg\n--\nBerg & Sons\n+1 312 555 0101", "Yes please."],
  ["a signature that asks to stop", "Hello\n--\nAnna\nUnsubscribe", "Hello\n--\nAnna\nUnsubscribe"],
  [
    "a person who sent something",
    "Sent from my account last week, no answer yet",
    "Sent from my account last week, no answer yet",
  ],
  [
    "a person who sent something by telephone",
    "Sent from my phone, it never came\nSTOP",
    "Sent from my phone, it never came\nSTOP",
  ],
  ["a telephone that names itself at length", "1\n\nSent from my Verizon Wireless BlackBerry", "1"],
  ["a telephone in Indonesian", "Ya\n\nDikirim dari iPhone saya", "Ya"],
  [
    "a forwarded mail with a note",
    "Please see to it.\n\nBegin forwarded message:\n\nFrom: Hub <r@hub.example>\nSubject: x\nDate: 2 November 2026\nTo: me\n\nPlease",
    "Please see to it.",
  ],
  [
    "Gmail in German, forwarded with a note",
    "Bitte lesen\n\n---------- Weitergeleitete Nachricht ---------\nVon: Hub\nDate: Mo.\n\nText",
    "Bitte lesen",
  ],
  [
    "a program that quotes by bars",
    "Yes\n\nOn 2/11/2026 10:00, Hub wrote:\n| Do you want it?\n| Reply 1\n\nThank you",
    "Yes\nThank you",
  ],
  ["a person who draws a table", "| day | hour |\n| Mon | 10 |", "| day | hour |\n| Mon | 10 |"],
  [
    "Gmail in Portuguese",
    "Sim\n\nEm seg., 2 de nov. de 2026 às 10:00, Hub <r@hub.example>\nescreveu:\n\n> Responda",
    "Sim",
  ],
  [
    "Gmail in Italian",
    "Sì\n\nIl giorno lun 2 nov 2026 alle ore 10:00 Hub <r@hub.example> ha\nscritto:\n\n> Rispondi",
    "Sì",
  ],
  ["Gmail in Indonesian", "Ya\n\nPada Sen, 2 Nov 2026 pukul 10.00 Hub <r@hub.example>\nmenulis:\n\n> Balas", "Ya"],
  ["Gmail in Hindi", "हाँ\n\nसोम, 2 नव॰ 2026 को 10:00 am बजे को Hub <r@hub.example> ने लिखा:\n\n> जवाब", "हाँ"],
  [
    "Gmail in Arabic",
    "نعم\n\nفي الاثنين، 2 نوفمبر 2026 في 10:00 ص تمت كتابة ما يلي بواسطة Hub <r@hub.example>:\n\n> رد",
    "نعم",
  ],
  ["Gmail in Turkish", "Evet\n\nHub <r@hub.example>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:\n\n> Yanıtla", "Evet"],
  ["Gmail in Korean", "네\n\n2026년 11월 2일 (월) 오전 10:00, Hub <r@hub.example>님이 작성:\n\n> 답장", "네"],
  ["Gmail in Japanese", "はい\n\n2026年11月2日(月) 10:00 Hub <r@hub.example>:\n\n> 返信", "はい"],
  [
    "Gmail in Vietnamese",
    "Có\n\nVào Th 2, 2 thg 11, 2026 vào lúc 10:00 Hub <r@hub.example> đã\nviết:\n\n> Trả lời",
    "Có",
  ],
  [
    "a program that leaves the colon out",
    "Ja\n\nAm 02.11.2026 um 10:00 schrieb Hub <r@hub.example>\n> Bitte antworten",
    "Ja",
  ],
  [
    "a person who tells what was said",
    "Here is what I wrote:\n1. Stop the letters",
    "Here is what I wrote:\n1. Stop the letters",
  ],
];
for (const [program, mail, said] of cases) {
  test(`the reply is found in a mail by ${program}`, () => assert.equal(replyText(mail), said));
}

test("a hundred kilobytes of hostile lines take a moment", () => {
  const before = process.cpuUsage();
  for (const unit of ["On On ", "On \n", ">", "From: x\n", "wrote:", "пн, ", "_", "Am  schrieb "])
    replyText(unit.repeat(100_000 / unit.length));
  assert.ok(process.cpuUsage(before).user < 5_000_000, `${process.cpuUsage(before).user} µs`);
});
