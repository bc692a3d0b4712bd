package lab

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
)

// figures are the numbers of an incident that goes on.
func figures(i *dhtcore.Incident) (all []string) {
	if i.Count > 0 {
		what := "nodes"
		if i.Kind == dhtcore.Flood {
			what = "senders"
		}
		all = append(all, human.Count(i.Count)+" "+what)
	}
	if i.Bits > 0 {
		all = append(all, human.Count(i.Bits)+" bits")
	}
	if i.Rate > 0 {
		what := " packets/s"
		if i.Kind == dhtcore.DemandSpike {
			what = " downloads/s"
		}
		all = append(all, human.Rounded(i.Rate)+what)
	}
	return all
}
