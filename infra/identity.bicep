import { tagSet } from 'types.bicep'

param name string
param location string
param tags tagSet

// One identity for the app: it exists before the app does, so that its roles are in place when the app first starts.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
