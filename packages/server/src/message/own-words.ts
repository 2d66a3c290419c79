import type { PackFile } from "@rapport/contract/pack-file";

/** What the hub itself says, whatever packs are installed: no marketing in it (47 CFR 64.1200(a)(12)). */
export const ownWords: PackFile["messages"] = {
  "opt-out-confirmed": {
    sms: {
      en: { text: "You will get no more messages from us at this number. Reply START to get them again." },
      ru: { text: "Мы больше не будем писать на этот номер. Чтобы получать сообщения снова, ответьте СТАРТ." },
      zh: { text: "我们不会再向此号码发送短信。如需恢复，请回复“恢复订阅”。" },
    },
    email: {
      en: { subject: "You are unsubscribed", text: "You will get no more offers from us at this address." },
      ru: { subject: "Вы отписаны", text: "Мы больше не будем присылать предложения на этот адрес." },
      zh: { subject: "您已退订", text: "我们不会再向此邮箱发送推广信息。" },
    },
  },
  "opt-in-confirmed": {
    sms: {
      en: { text: "You will get our messages again. Reply STOP to end them." },
      ru: { text: "Вы снова будете получать наши сообщения. Чтобы отказаться, ответьте СТОП." },
      zh: { text: "您将重新收到我们的短信。如需停止，请回复“退订”。" },
    },
    email: {
      en: { subject: "You are subscribed again", text: "You will get our messages again." },
      ru: { subject: "Вы снова подписаны", text: "Вы снова будете получать наши письма." },
      zh: { subject: "您已恢复订阅", text: "您将重新收到我们的邮件。" },
    },
  },
  "confirm-answer": {
    email: {
      en: {
        subject: "Please confirm your answer",
        text: "Somebody said yes to the letter below, but not from this address, or long after it. Nothing was ordered.\n\nIf you want it, reply 1 to this letter. If not, do nothing.\n\n* * *\n\n{{ offer.text }}",
      },
      ru: {
        subject: "Подтвердите ваш ответ",
        text: "На письмо ниже кто-то ответил «да», но не с этого адреса или спустя долгое время. Ничего не заказано.\n\nЕсли вы этого хотите, ответьте 1 на это письмо. Если нет, ничего делать не нужно.\n\n* * *\n\n{{ offer.text }}",
      },
      zh: {
        subject: "请确认您的答复",
        text: "有人同意了下面的邮件，但并非来自此邮箱，或已过去很久。尚未订购任何内容。\n\n如需订购，请回复 1。如不需要，无需操作。\n\n* * *\n\n{{ offer.text }}",
      },
    },
  },
  help: {
    sms: {
      en: { text: "{{ company.name }}: reply STOP to get no messages. An agent reads what else you write here." },
      ru: { text: "{{ company.name }}: ответьте СТОП, чтобы не получать сообщений. Остальное прочтёт сотрудник." },
      zh: { text: "{{ company.name }}：回复“退订”即可停止接收短信。其他内容将由客服人员查看。" },
    },
    email: {
      en: {
        subject: "{{ company.name }}: help",
        text: "Reply STOP to get no more offers. An agent reads what else you write here.",
      },
      ru: {
        subject: "{{ company.name }}: помощь",
        text: "Ответьте СТОП, чтобы не получать предложений. Остальное прочтёт сотрудник.",
      },
      zh: { subject: "{{ company.name }}：帮助", text: "回复“退订”即可停止接收推广。其他内容将由客服人员查看。" },
    },
  },
};
