{{/* The name of all objects. A stateful set adds up to eleven characters. */}}
{{- define "stowage.name" -}}
{{- ternary .Release.Name (printf "%s-stowage" .Release.Name) (contains "stowage" .Release.Name) | trunc 52 | trimSuffix "-" }}
{{- end }}

{{- define "stowage.selector" -}}
app.kubernetes.io/name: stowage
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "stowage.metadata" -}}
name: {{ include "stowage.name" . }}
labels:
  {{- include "stowage.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Chart.AppVersion }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* The variables that values of the chart set. Those that are empty are not passed to the server. */}}
{{- define "stowage.variables" -}}
SERVER_PORT: "8080"
SPRING_DATASOURCE_URL: {{ .Values.database.url | quote }}
SPRING_DATASOURCE_USERNAME: {{ ternary .Values.database.username "" (ne .Values.database.url "") | quote }}
SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE: {{ .Values.drainSeconds }}s
STOWAGE_DATA_DIR: {{ ternary "/data/stowage" "" (eq .Values.database.url "") | quote }}
STOWAGE_S3_BUCKET: {{ .Values.s3.bucket | quote }}
STOWAGE_S3_ENDPOINT: {{ .Values.s3.endpoint | quote }}
STOWAGE_S3_PATH_STYLE: {{ ternary "true" "" .Values.s3.pathStyle | quote }}
STOWAGE_S3_PUBLIC_ENDPOINT: {{ .Values.s3.publicEndpoint | quote }}
STOWAGE_S3_REGION: {{ .Values.s3.region | quote }}
STOWAGE_SHUTDOWN_DELAY: {{ .Values.shutdownDelaySeconds }}s
{{- end }}
