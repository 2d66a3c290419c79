import { Box, NumberInput, Slider, Switch, TextInput } from "@mantine/core";

type Value = string | number | boolean;

/** One fact to be supposed otherwise: a number by typing or sliding, others by typing or switching. */
export function FactInput({
  label,
  was,
  value,
  onChange,
}: {
  label: string;
  was: Value;
  value: Value;
  onChange: (value: Value) => void;
}) {
  if (typeof was === "boolean")
    return (
      <Switch label={label} checked={Boolean(value)} onChange={(event) => onChange(event.currentTarget.checked)} />
    );
  if (typeof was === "string")
    return (
      <TextInput
        size="xs"
        label={label}
        value={String(value)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  const { min, max, step } = rangeOf(was);
  return (
    <Box>
      <NumberInput
        size="xs"
        label={label}
        value={Number(value)}
        step={step}
        decimalScale={step < 1 ? 2 : 0}
        onChange={(next) => {
          if (next !== "") onChange(Number(next));
        }}
      />
      <Slider
        size="xs"
        mt={6}
        label={null}
        thumbLabel={label}
        min={min}
        max={Math.max(max, Number(value))}
        step={step}
        value={Number(value)}
        onChange={onChange}
      />
    </Box>
  );
}

/** How far it is sensible to slide from what it was: shares between none and all, others up to thrice as much. */
function rangeOf(was: number): { min: number; max: number; step: number } {
  if (was > 0 && was < 1) return { min: 0, max: 1, step: 0.01 };
  const max = Math.max(10, Math.ceil(Math.abs(was) * 3));
  return { min: was < 0 ? -max : 0, max, step: Number.isInteger(was) || max > 100 ? 1 : 0.1 };
}
