// What the types of Grafana say of a dashboard; a test puts our files in the place of PAGES.
import type { Dashboard, Panel } from "@grafana/schema";
import type { Options as Stat } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type {
  FieldConfig,
  Options as TimeSeries,
} from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

// As a file has it: words for constants, and whatever is left out has Grafana's default.
type Plain<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]?: Plain<T[K]> } : T;

interface Target {
  datasource: { type: "prometheus"; uid: string };
  expr: string;
  legendFormat: string;
  refId: string;
}
type Drawn<Type extends string, Options, Custom> = Omit<Panel, "type" | "options" | "targets" | "fieldConfig"> & {
  type: Type;
  options: Plain<Options>;
  targets: Target[];
  fieldConfig: { defaults: { unit: string; custom?: Plain<Custom> }; overrides: [] };
};
type Page = Omit<Dashboard, "panels"> & { panels: (Drawn<"stat", Stat, never> | Drawn<"timeseries", TimeSeries, FieldConfig>)[] };

export const pages: Page[] = PAGES;
