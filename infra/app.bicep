import { apiKey, tagSet } from 'types.bicep'

param name string
param token string
param location string
param tags tagSet
param identityId string
param identityClientId string
param storageName string
param deploymentContainer string
param insightsName string
param approvalKeysUri string
param apiKeys apiKey[]
param modelEndpoint string
param modelDeployment string
param authClientId string
param alwaysReadyInstances int
param maximumInstances int

resource storage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

var modelSettings = empty(modelEndpoint)
  ? {}
  : {
      AZURE_OPENAI_ENDPOINT: modelEndpoint
      AZURE_OPENAI_DEPLOYMENT: modelDeployment
    }

var keySettings = reduce(
  map(range(0, length(apiKeys)), i => {
    'ApiKeys__${i}__Name': apiKeys[i].name
    'ApiKeys__${i}__Hash': apiKeys[i].hash
    'ApiKeys__${i}__Roles': apiKeys[i].roles
    'ApiKeys__${i}__User': apiKeys[i].user
  }),
  {},
  (all, one) => union(all, one)
)

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the app it deploys to by this tag.
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Who reads the Key Vault references below.
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainer
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyInstances
              }
              {
                name: 'durable'
                instanceCount: alwaysReadyInstances
              }
            ]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(
    {
      AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identityClientId
      AZURE_CLIENT_ID: identityClientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      AGENTWORKFLOWS_TASK_HUB: 'AgentWorkflows'
      AGENTWORKFLOWS_APPROVAL_KEYS: '@Microsoft.KeyVault(SecretUri=${approvalKeysUri})'
      AzureWebJobsDisableHomepage: 'true'
    },
    modelSettings,
    keySettings
  )
}

// The API's keys stay in force; this puts a login of the tenant in front of them. Callers then send their key as X-Api-Key.
resource auth 'Microsoft.Web/sites/config@2025-03-01' = if (!empty(authClientId)) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      excludedPaths: [
        '/health/live'
        '/health/ready'
      ]
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: authClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            authClientId
            'api://${authClientId}'
          ]
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}

output url string = 'https://${app.properties.defaultHostName}'
