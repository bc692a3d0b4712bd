package testnet

import (
	"cmp"
	"fmt"
	"time"

	"dhtop/dhtcore/wire"
)

// IncidentKind is what can happen to a network all at once.
type IncidentKind uint8

// The kinds of incidents.
const (
	SybilRing      IncidentKind = iota // nodes of one party take the places next to Target, and name only each other
	PoisonedRegion                     // the nodes around Target answer with neighbours that do not exist
	Flood                              // strangers send the guests more than they can want
	DemandSpike                        // throngs come for Target
	incidentKinds
)

var incidentNames = [incidentKinds]string{"sybil ring", "poisoned region", "flood", "demand spike"}

// String returns the words for the kind.
func (k IncidentKind) String() string { return incidentNames[k%incidentKinds] }

// Incident is something that happens to a network until it is ended.
type Incident struct {
	Kind   IncidentKind
	Target wire.ID       // of all but Flood
	Count  int           // nodes of a SybilRing in each family, senders of a Flood; 0 for the usual number
	Bits   int           // of Target that the IDs of a PoisonedRegion share; 0 for the usual number
	Rate   float64       // packets/s of a Flood, downloads/s of a DemandSpike; 0 for the usual rate
	For    time.Duration // until it ends by itself; 0 for never
}

// IncidentKinds returns all kinds.
func IncidentKinds() []IncidentKind {
	return []IncidentKind{SybilRing, PoisonedRegion, Flood, DemandSpike}
}

// The usual incidents, and the largest that one process can take.
const (
	usualSybils    = 20
	usualSenders   = 8
	usualBits      = 3
	usualFlood     = 2000 // packets/s
	usualDownloads = 20   // downloads/s

	mostSybils    = 200
	mostSenders   = 256
	mostBits      = 20     // with more there would be no node in the region
	mostFlood     = 20_000 // packets/s
	mostDownloads = 200    // downloads/s: each is a lookup of some dozens of packets
)

// usual returns i with the usual numbers where it has none.
func (i Incident) usual() Incident {
	switch i.Kind {
	case SybilRing:
		i.Count = cmp.Or(i.Count, usualSybils)
	case PoisonedRegion:
		i.Bits = cmp.Or(i.Bits, usualBits)
	case Flood:
		i.Count, i.Rate = cmp.Or(i.Count, usualSenders), cmp.Or(i.Rate, usualFlood)
	case DemandSpike:
		i.Rate = cmp.Or(i.Rate, usualDownloads)
	}
	return i
}

// Check returns an error with a remedy if a network cannot take i.
func (i Incident) Check() error {
	i = i.usual()
	within := func(what string, got, most float64) error {
		if !(got >= 1 && got <= most) { // which NaN is not either
			return fmt.Errorf("a %s of %g %s: give 1 to %g", i.Kind, got, what, most)
		}
		return nil
	}
	if i.For < 0 {
		return fmt.Errorf("a %s for %s: give how long it goes on, or 0 for until it is ended", i.Kind, i.For)
	}
	switch i.Kind {
	case SybilRing:
		return within("nodes", float64(i.Count), mostSybils)
	case PoisonedRegion:
		return within("bits", float64(i.Bits), mostBits)
	case Flood:
		return cmp.Or(within("senders", float64(i.Count), mostSenders), within("packets a second", i.Rate, mostFlood))
	case DemandSpike:
		return within("downloads a second", i.Rate, mostDownloads)
	}
	return fmt.Errorf("there is no incident of kind %d: give one of 0 to %d", i.Kind, incidentKinds-1)
}
