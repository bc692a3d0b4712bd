package dhtcore

import (
	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/snapshot"
)

// The Snapshot and what is in it, under the names that views and ui know them by.
type (
	Snapshot     = snapshot.Snapshot
	Phase        = snapshot.Phase
	Outage       = snapshot.Outage
	OutageKind   = snapshot.OutageKind
	Vantage      = snapshot.Vantage
	Hashes       = snapshot.Hashes
	Bounds       = snapshot.Bounds
	Traffic      = snapshot.Traffic
	MethodRate   = snapshot.MethodRate
	Place        = geo.Place
	Places       = snapshot.Places
	Packet       = snapshot.Packet
	Packets      = snapshot.Packets
	PacketCause  = snapshot.PacketCause
	PacketCauses = snapshot.PacketCauses
	Pings        = snapshot.Pings
	Tracker      = snapshot.Tracker
	TrackerView  = snapshot.TrackerView
	Watch        = snapshot.Watch
	Recording    = snapshot.Recording
	Checkup      = snapshot.Checkup
	Disk         = snapshot.Disk
	WayOut       = snapshot.WayOut
	ClockReading = snapshot.ClockReading
	HostCheck    = snapshot.HostCheck
	NodeChecks   = snapshot.NodeChecks
)

// How far the Explorer has come in joining the network.
const (
	Joining = snapshot.Joining
	Serving = snapshot.Serving
	Offline = snapshot.Offline
)

// What keeps a node from the network.
const (
	NoOutage    = snapshot.NoOutage
	NoHosts     = snapshot.NoHosts
	NoRoute     = snapshot.NoRoute
	SendRefused = snapshot.SendRefused
	AddressGone = snapshot.AddressGone
	NoDNS       = snapshot.NoDNS
	OtherFamily = snapshot.OtherFamily
	Misanswered = snapshot.Misanswered
	Silent      = snapshot.Silent
	Filtered    = snapshot.Filtered
	DeviceGone  = snapshot.DeviceGone
)

// DefaultPort is the port that BitTorrent programs have always used.
const DefaultPort = snapshot.DefaultPort

// The bounds of what a Snapshot carries.
const (
	MaxEvents      = snapshot.MaxEvents
	MaxHashes      = snapshot.MaxHashes
	MaxLookups     = snapshot.MaxLookups
	MaxPackets     = snapshot.MaxPackets
	MaxWatchRows   = snapshot.MaxWatchRows
	MaxWatchAlerts = snapshot.MaxWatchAlerts
	HistoryLen     = snapshot.HistoryLen // seconds of traffic
	PingsKept      = snapshot.PingsKept
)

// NewPlaces returns what the files of db say; the addresses that it has looked up are known.
func NewPlaces(db *geo.DB) Places { return snapshot.NewPlaces(db) }

// NewPacket summarises a packet that the identity self received or sent.
func NewPacket(raw journal.Packet, self ID) *Packet { return snapshot.NewPacket(raw, self) }

// PassingPackets returns the packets of a log that pass a filter; all for nil.
func PassingPackets(log []*Packet, f *PacketFilter) []*Packet { return snapshot.PassingPackets(log, f) }

// CausesIn returns the causes of packets that the lookups of a Snapshot are.
func CausesIn(s *Snapshot) *PacketCauses { return snapshot.CausesIn(s) }
