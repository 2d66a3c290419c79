/** How a story is played. */
export type StoryOptions = {
  /** A folder of real data to play on. */
  data: string | null;
  /** At a pace to watch, the console open. */
  live: boolean;
  say: (line: string) => void;
  /** A smaller cast for a shorter story; the story's own without. */
  cast?: { people: number; lastDay: string };
};
