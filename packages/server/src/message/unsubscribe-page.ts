type State = "ask" | "done" | "unknown";

const WORDS: Record<string, Record<State, string> & { button: string }> = {
  en: {
    ask: "Stop getting offers by e-mail?",
    done: "Done. You will get no more offers by e-mail.",
    unknown: "This link is not one of ours.",
    button: "Unsubscribe",
  },
  ru: {
    ask: "Больше не присылать предложения по почте?",
    done: "Готово. Мы больше не будем присылать предложения по почте.",
    unknown: "Это не наша ссылка.",
    button: "Отписаться",
  },
  zh: {
    ask: "不再通过邮件接收推广？",
    done: "已完成。您将不再收到推广邮件。",
    unknown: "此链接无效。",
    button: "退订",
  },
};

/** The page behind an unsubscribe link: it says nothing about the customer and loads nothing. */
export function unsubscribePage(state: State, acceptLanguage: string): string {
  const language = /^\s*(ru|zh)/i.exec(acceptLanguage)?.[1]?.toLowerCase() ?? "en";
  const words = WORDS[language] ?? (WORDS.en as Record<State, string> & { button: string });
  const form = state === "ask" ? `<form method="post"><button>${words.button}</button></form>` : "";
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${words.button}</title>
<style>body{font:18px/1.5 system-ui,sans-serif;max-width:28rem;margin:20vh auto;padding:0 1rem;text-align:center}button{font:inherit;padding:.6rem 1.6rem;border:0;border-radius:.5rem;background:#0b6;color:#fff;cursor:pointer}</style>
<p>${words[state]}</p>${form}</html>`;
}
