import { shell } from "./shell.ts";
import { pulse } from "./pulse.ts";
import { happening } from "./happening.ts";
import { customer } from "./customer.ts";
import { decision } from "./decision.ts";
import { settings } from "./settings.ts";
import { colleagues } from "./colleagues.ts";
import { account } from "./account.ts";

export const zh = {
  ...shell,
  ...pulse,
  ...happening,
  ...customer,
  ...decision,
  ...settings,
  ...colleagues,
  ...account,
};
