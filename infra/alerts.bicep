param token string
param location string
param tags object
param insightsName string
param appName string
param email string

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
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
resource serverErrors 'Microsoft.Insights/metricAlerts@2018-03-01' = {
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

// Rules over the app's own telemetry. Severity 0 is the one that pages.
var rules = [
  {
    name: 'error-rate'
    description: 'More than 15 % of the steps of the last 15 minutes failed.'
    severity: 1
    window: 'PT15M'
    query: 'AppRequests | summarize Failed = countif(Success == false), All = count() | where All >= 20 and Failed * 100.0 / All > 15'
  }
  {
    name: 'latency'
    description: 'One request in twenty to the API took more than 5 seconds.'
    severity: 2
    window: 'PT15M'
    query: 'AppRequests | where Name in ("Api", "Approve", "Health") | summarize P95 = percentile(DurationMs, 95), All = count() | where All >= 20 and P95 > 5000'
  }
  {
    name: 'cost'
    description: 'More than 10 USD were spent in an hour.'
    severity: 2
    window: 'PT1H'
    query: 'AppMetrics | where Name == "agentworkflows.cost" | summarize Usd = sum(Sum) | where Usd > 10'
  }
  {
    name: 'cost-page'
    description: 'More than 100 USD were spent in an hour.'
    severity: 0
    window: 'PT1H'
    query: 'AppMetrics | where Name == "agentworkflows.cost" | summarize Usd = sum(Sum) | where Usd > 100'
  }
  {
    name: 'injections'
    description: 'More than 10 signs of prompt injection in 15 minutes.'
    severity: 2
    window: 'PT15M'
    query: 'AppMetrics | where Name == "agentworkflows.injection.detections" | summarize Detections = sum(Sum) | where Detections > 10'
  }
  {
    name: 'exceptions'
    description: 'More than 20 exceptions in 15 minutes.'
    severity: 2
    window: 'PT15M'
    query: 'AppExceptions | summarize Exceptions = count() | where Exceptions > 20'
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
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
      evaluationFrequency: 'PT5M'
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
