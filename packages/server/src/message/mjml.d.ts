/** What Rapport uses of MJML 5, which brings no types. */
declare module "mjml" {
  export default function mjml2html(
    source: string,
    options: { validationLevel: "strict" | "soft" | "skip"; ignoreIncludes: boolean; fonts: Record<string, string> },
  ): Promise<{ html: string; errors: { line: number; message: string }[] }>;
}
