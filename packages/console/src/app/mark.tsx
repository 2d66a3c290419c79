/** The mark: a wave that finds its answer. */
export function Mark({ size = 30 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" style={{ flex: "none" }}>
      <rect width="32" height="32" rx="8" fill="#175553" />
      <path
        d="M6 18c3 0 3.500-8 7-8s3 12 6 12 3.500-8 7-8"
        fill="none"
        stroke="#f4bd65"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
