window.onload = () => {
  window.ui = SwaggerUIBundle({
    urls: [
      { name: "Stowage", url: "../openapi.json" },
      { name: "Stowage, for clients of Anthropic", url: "../openapi-anthropic.yaml" },
    ],
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: "StandaloneLayout",
  });
};
