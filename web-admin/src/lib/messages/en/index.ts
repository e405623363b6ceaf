// English. Each room has the shape of the Vietnamese one, or the type check fails the build.
import { shell } from './shell'
import { people } from './people'
import { broadcast } from './broadcast'
import { rules } from './rules'
import { station } from './station'
import { proof } from './proof'
import { alert } from './alert'
import { office } from './office'

export const en = { ...shell, ...people, ...broadcast, ...rules, ...station, ...proof, ...alert, ...office }
