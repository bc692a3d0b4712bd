package testnet

import (
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
	Count  int           // nodes of a SybilRing, senders of a Flood; 0 for the usual number
	Bits   int           // of Target that the IDs of a PoisonedRegion share; 0 for the usual number
	Rate   float64       // packets/s of a Flood, downloads/s of a DemandSpike; 0 for the usual rate
	For    time.Duration // until it ends by itself; 0 for never
}

// IncidentKinds returns all kinds.
func IncidentKinds() []IncidentKind {
	return []IncidentKind{SybilRing, PoisonedRegion, Flood, DemandSpike}
}
