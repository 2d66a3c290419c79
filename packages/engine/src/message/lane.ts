/** The queues of a message, most urgent first. Each has connections and a budget of its own, so none delays a better one. */
export type Lane = "emergency" | "transactional" | "conversation" | "journey" | "campaign" | "housekeeping";
