/** What people of the town speak. */
export type Language = "en" | "ru" | "zh";
