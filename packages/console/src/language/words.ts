/** One message: a sentence with `{parameters}`, or one for each plural form of its `count`. */
export type Message = string | ({ readonly other: string } & { readonly [Form in Intl.LDMLPluralRule]?: string });

/** The names in braces of a sentence. */
type NamesIn<Sentence> = Sentence extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type SentencesOf<Of> = Of extends string ? Of : Of extends Readonly<Record<string, string>> ? Of[keyof Of] : never;

/** What a message must be given; nothing, when its sentence names nothing. */
export type GivenFor<Of> = [NamesIn<SentencesOf<Of>>] extends [never]
  ? []
  : [given: Readonly<Record<NamesIn<SentencesOf<Of>>, string | number>>];

/** The sentence with its parameters in place. A number is written the language's way; plurals go by `count`. */
export function fill(message: Message, given: Readonly<Record<string, string | number>>, locale: string): string {
  const sentence = typeof message === "string" ? message : formOf(message, Number(given.count), locale);
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name];
    return typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : (value ?? "");
  });
}

function formOf(message: Exclude<Message, string>, count: number, locale: string): string {
  return message[new Intl.PluralRules(locale).select(count)] ?? message.other;
}
