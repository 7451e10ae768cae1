declare module "govuk-frontend" {
  type Component = { new (root: Element, config?: object): object; moduleName: string };
  export const Button: Component;
  export const Checkboxes: Component;
  export const ErrorSummary: Component;
  export const Radios: Component;
  export const SkipLink: Component;
  export function createAll(component: Component, config?: object, scope?: Element | Document): object[];
}

declare module "maplibre-gl/dist/maplibre-gl-csp.js" {
  export * from "maplibre-gl";
}
