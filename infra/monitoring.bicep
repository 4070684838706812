import { tagSet } from 'types.bicep'

param token string
param insightsName string
param location string
param tags tagSet
param identityName string
param principalId string

@description('Days that logs, traces and metrics are kept.')
param retentionInDays int = 30

var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    retentionInDays: retentionInDays
    sku: {
      name: 'PerGB2018'
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    // Telemetry is sent by identity, so that nobody else can send any.
    DisableLocalAuth: true
    WorkspaceResourceId: workspace.id
  }
}

// The name has nothing in it that only a deployment finds out, so that what-if can tell what happens to it: the identity's name, not its principal's id.
resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identityName, monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
