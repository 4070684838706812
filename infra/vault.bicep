import { tagSet } from 'types.bicep'

param name string
param location string
param tags tagSet
param identityName string
param principalId string

@secure()
param approvalKeys string

var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 30
  }
}

resource keys 'Microsoft.KeyVault/vaults/secrets@2026-05-15' = {
  parent: vault
  name: 'approval-keys'
  properties: {
    value: approvalKeys
    contentType: 'ID:BASE64[,ID:BASE64]; the first signs approval links, all verify'
  }
}

// The name has nothing in it that only a deployment finds out, so that what-if can tell what happens to it: the identity's name, not its principal's id.
resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identityName, keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Without a version, so that the app reads the newest one.
output approvalKeysUri string = keys.properties.secretUri
