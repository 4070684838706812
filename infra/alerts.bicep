import { tagSet } from 'types.bicep'

param token string
param location string
param tags tagSet
param insightsName string
param appName string
param email string

@description('The cap that all calls of an hour share, in USD, as Costs__GlobalPerHour has it.')
@minValue(1)
param hourlyCapUsd int = 100

@description('How long a request may wait for a person before somebody is told, in hours.')
@minValue(1)
param approvalWaitHours int = 4

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'agents'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// What the platform measures itself.
resource serverErrors 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'server-errors-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The app answered requests with a server error.'
    enabled: true
    severity: 1
    scopes: [
      app.id
    ]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'errors'
          criterionType: 'StaticThresholdCriterion'
          metricName: 'Http5xx'
          metricNamespace: 'Microsoft.Web/sites'
          operator: 'GreaterThan'
          threshold: 5
          timeAggregation: 'Total'
        }
      ]
    }
    actions: empty(email)
      ? []
      : [
          {
            actionGroupId: people.id
          }
        ]
  }
}

// Rules over the app's own telemetry; src/AgentWorkflows/Telemetry has the names, and a test compares. A counter's Sum is what was counted in the time, a
// histogram's ItemCount how often and its Sum how much, a gauge's Sum its level. Severity 0 pages.
var rules = [
  {
    name: 'errors'
    description: 'More than 15 % of the sessions that ended in the last hour had failed.'
    severity: 1
    window: 'PT1H'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.sessions.finished" | extend Status = tostring(Properties["agentworkflows.session.status"]) | summarize Failed = sumif(Sum, Status in ("failed", "halted", "rolled_back", "rollback_incomplete")), All = sum(Sum) | where All >= 10 and Failed * 100.0 / All > 15'
  }
  {
    name: 'model-errors'
    description: 'More than 15 % of the calls of a model failed in the last 15 minutes.'
    severity: 1
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "gen_ai.client.operation.duration" | extend Model = tostring(Properties["gen_ai.request.model"]), Error = tostring(Properties["error.type"]) | summarize Failed = sumif(ItemCount, isnotempty(Error)), All = sum(ItemCount) by Model | where All >= 20 and Failed * 100.0 / All > 15'
  }
  {
    name: 'step-errors'
    description: 'More than 15 % of the steps and requests of the last 15 minutes failed.'
    severity: 1
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppRequests | summarize Failed = sumif(ItemCount, Success == false), All = sum(ItemCount) | where All >= 20 and Failed * 100.0 / All > 15'
  }
  {
    name: 'latency'
    description: 'One request in twenty to the API took more than 5 seconds.'
    severity: 2
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppRequests | where isnotempty(Url) | summarize P95 = percentile(DurationMs, 95), All = count() | where All >= 20 and P95 > 5000'
  }
  {
    name: 'model-latency'
    description: 'One call in twenty of a model took more than 5 seconds.'
    severity: 2
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppDependencies | where Name startswith "chat " | summarize P95 = percentile(DurationMs, 95), All = count() by Name | where All >= 20 and P95 > 5000'
  }
  {
    name: 'cost'
    description: 'More than 10 USD were spent in an hour.'
    severity: 2
    window: 'PT1H'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.cost" | summarize Usd = sum(Sum) | where Usd > 10'
  }
  {
    name: 'cost-high'
    description: 'More than 50 USD were spent in an hour.'
    severity: 1
    window: 'PT1H'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.cost" | summarize Usd = sum(Sum) | where Usd > 50'
  }
  {
    name: 'cost-page'
    description: 'More than 100 USD were spent in an hour.'
    severity: 0
    window: 'PT1H'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.cost" | summarize Usd = sum(Sum) | where Usd > 100'
  }
  {
    name: 'budget'
    description: 'More than 80 % of the cap that all calls of an hour share were spent in an hour.'
    severity: 1
    window: 'PT1H'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.cost" | summarize Usd = sum(Sum) | where Usd > 0.8 * ${hourlyCapUsd}'
  }
  {
    name: 'cap-reached'
    description: 'A call was refused, because everything together has spent its cap of the hour.'
    severity: 1
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.reservations.refused" | where tostring(Properties["agentworkflows.cap"]) == "global-hour" | summarize Refused = sum(Sum) | where Refused > 0'
  }
  {
    name: 'cost-outliers'
    description: 'One session in a hundred cost more than ten times what the median session of the day cost.'
    severity: 3
    window: 'P1D'
    frequency: 'PT1H'
    query: 'AppDependencies | where Name startswith "invoke_agent " | extend Usd = todouble(Properties["agentworkflows.cost_usd"]) | summarize P50 = percentile(Usd, 50), P99 = percentile(Usd, 99), Sessions = count() | where Sessions >= 20 and P99 > 10 * P50'
  }
  {
    name: 'tool-errors'
    description: 'More than 15 % of the calls of a tool failed in the last 15 minutes.'
    severity: 2
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.tool.calls" | extend Tool = tostring(Properties["gen_ai.tool.name"]), Outcome = tostring(Properties["agentworkflows.outcome"]) | summarize Failed = sumif(Sum, Outcome != "succeeded"), All = sum(Sum) by Tool | where All >= 10 and Failed * 100.0 / All > 15'
  }
  {
    name: 'breakers'
    description: 'A circuit breaker of a model or a tool opened more than twice in 15 minutes.'
    severity: 2
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.breaker.openings" | extend Key = tostring(Properties["agentworkflows.breaker.key"]) | summarize Openings = sum(Sum) by Key | where Openings > 2'
  }
  {
    name: 'compensations'
    description: 'Something a session did could not be taken back: a person has to act.'
    severity: 1
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppMetrics | where Name == "agentworkflows.compensations" | extend Outcome = tostring(Properties["agentworkflows.outcome"]) | summarize Failed = sumif(Sum, Outcome in ("failed", "unknown")) | where Failed > 0'
  }
  {
    name: 'stuck-sessions'
    description: 'Sessions are under way without a step for half an hour.'
    severity: 1
    window: 'PT15M'
    frequency: 'PT15M'
    query: 'AppMetrics | where Name == "agentworkflows.sessions.stuck" | summarize arg_max(TimeGenerated, Sum) | where Sum > 0'
  }
  {
    name: 'approvals'
    description: 'A request has waited for a person for hours.'
    severity: 2
    window: 'PT15M'
    frequency: 'PT15M'
    query: 'AppMetrics | where Name == "agentworkflows.approvals.oldest" | summarize arg_max(TimeGenerated, Sum) | where Sum > 3600 * ${approvalWaitHours}'
  }
  {
    name: 'injections'
    description: 'At least 10 signs of prompt injection in 15 minutes, and three times as many as the day before had on average.'
    severity: 2
    window: 'P1D'
    frequency: 'PT15M'
    query: 'AppMetrics | where Name == "agentworkflows.injection.detections" | summarize Recent = sumif(Sum, TimeGenerated > ago(15m)), Before = sumif(Sum, TimeGenerated <= ago(15m)) | where Recent >= 10 and Recent > 3 * Before / 95'
  }
  {
    name: 'exceptions'
    description: 'More than 20 exceptions in 15 minutes.'
    severity: 2
    window: 'PT15M'
    frequency: 'PT5M'
    query: 'AppExceptions | summarize Exceptions = sum(ItemCount) | where Exceptions > 20'
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: '${rule.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.name
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [
        insights.id
      ]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              minFailingPeriodsToAlert: 1
              numberOfEvaluationPeriods: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: empty(email)
          ? []
          : [
              people.id
            ]
      }
    }
  }
]
