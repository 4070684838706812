targetScope = 'subscription'

import { apiKey, modelChoice } from 'types.bicep'

@description('Names the resource group and, hashed, every resource in it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of everything but the model. It has to offer the Flex Consumption plan.')
@minLength(1)
param location string

@description('none: the offline playbook, no language model. create: an Azure OpenAI account with a deployment. existing: modelEndpoint and modelDeployment.')
@allowed([
  'none'
  'create'
  'existing'
])
param modelSetup string = 'none'

@description('Region of the model.')
param modelLocation string = location

@description('Name, version and capacity (thousands of tokens a minute) of the model.')
param model modelChoice = {
  name: 'gpt-4.1-mini'
  version: '2025-04-14'
  sku: 'GlobalStandard'
  capacity: 50
}

@description('An Azure OpenAI endpoint that exists already, such as https://NAME.openai.azure.com. Give the app\'s identity the role Cognitive Services OpenAI User there.')
param modelEndpoint string = ''

@description('Deployment of that endpoint.')
param modelDeployment string = ''

@description('API keys: who may call, and what each may do.')
param apiKeys apiKey[]

@description('Keys that sign approval links, as ID:BASE64[,ID:BASE64]. The first signs.')
@secure()
param approvalKeys string

@description('Application (client) id of an Entra app registration. When given, callers also need a token of this tenant for it (Easy Auth).')
param authClientId string = ''

@description('Receives alerts. None: alerts are only shown in the portal.')
param alertEmail string = ''

@description('The cap that all calls of an hour share, in USD, as Costs__GlobalPerHour has it: alerts go by it.')
@minValue(1)
param hourlyCapUsd int = 100

@description('How long a request may wait for a person before somebody is told, in hours.')
@minValue(1)
param approvalWaitHours int = 4

@description('Instances that are always on, for the first answer after a pause.')
@minValue(0)
param alwaysReadyInstances int = 0

@description('The most instances the app grows to.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = {
  'azd-env-name': environmentName
}

// Names that more than one module needs are made here: as outputs of a module, what-if would not know them.
var identityName = 'id-${token}'
var storageName = 'st${token}'
var insightsName = 'appi-${token}'
var appName = 'func-${token}'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'identity.bicep' = {
  scope: group
  params: {
    name: identityName
    location: location
    tags: tags
  }
}

module monitoring 'monitoring.bicep' = {
  scope: group
  params: {
    token: token
    insightsName: insightsName
    location: location
    tags: tags
    identityName: identityName
    principalId: identity.outputs.principalId
  }
}

module storage 'storage.bicep' = {
  scope: group
  params: {
    name: storageName
    location: location
    tags: tags
    identityName: identityName
    principalId: identity.outputs.principalId
  }
}

module vault 'vault.bicep' = {
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    identityName: identityName
    principalId: identity.outputs.principalId
    approvalKeys: approvalKeys
  }
}

module openAi 'model.bicep' = if (modelSetup == 'create') {
  scope: group
  params: {
    name: 'oai-${token}'
    location: modelLocation
    tags: tags
    identityName: identityName
    principalId: identity.outputs.principalId
    model: model
  }
}

module app 'app.bicep' = {
  scope: group
  // Its settings have the connection string of what the module makes.
  dependsOn: [
    monitoring
  ]
  params: {
    name: appName
    token: token
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storageName
    deploymentContainer: storage.outputs.deploymentContainer
    insightsName: insightsName
    approvalKeysUri: vault.outputs.approvalKeysUri
    apiKeys: apiKeys
    modelEndpoint: modelSetup == 'create' ? openAi.?outputs.endpoint ?? '' : modelEndpoint
    modelDeployment: modelSetup == 'create' ? model.name : modelDeployment
    authClientId: authClientId
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstances: maximumInstances
  }
}

module alerts 'alerts.bicep' = {
  scope: group
  dependsOn: [
    app
    monitoring
  ]
  params: {
    token: token
    location: location
    tags: tags
    insightsName: insightsName
    appName: appName
    email: alertEmail
    hourlyCapUsd: hourlyCapUsd
    approvalWaitHours: approvalWaitHours
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output APP_NAME string = appName
output APP_PRINCIPAL_ID string = identity.outputs.principalId
output APP_URL string = app.outputs.url
