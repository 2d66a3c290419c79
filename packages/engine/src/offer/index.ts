export { costOf, type Plan, type TopUp, type Usage } from "./plan.ts";
export { type Offer, type Option, priceOptions, type TotalForecast, type UsageForecast } from "./price-options.ts";
