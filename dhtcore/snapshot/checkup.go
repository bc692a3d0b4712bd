package snapshot

import (
	"time"

	"dhtop/dhtcore/sandbox"
	"dhtop/dhtcore/wire"
)

// Checkup is what the doctor knows of this machine and of the way into the network. It is immutable.
type Checkup struct {
	Guest   bool   // another dhtop owns the data directory, and this one runs beside it
	DataDir string // "" where nothing is kept

	Hosts []HostCheck // by host, IPv4 first

	Nodes  NodeChecks     // what was asked for the doctor
	Clocks []ClockReading // those of others, by the way

	Jump    time.Duration // the largest step of the clock since the start, or the longest sleep of the machine
	Newest  time.Time     // the newest file of earlier runs; zero for none
	Disks   []Disk        // those of the data directory and of the store
	Ways    [2]WayOut     // by address family
	Refused time.Time     // when the system last refused to send; zero for never, and for an outage that is over
	Trouble string        // what is wrong with the store; "" for nothing
	Saved   time.Time     // when counts were last written to the store; zero before

	Sandbox sandbox.State // whether other files are out of reach; the zero value where nobody has asked for that
}

// Way returns the way out of a family.
func (c *Checkup) Way(family wire.Family) WayOut { return c.Ways[family%wire.Family(len(c.Ways))] }

// Disk is the file system of a directory.
type Disk struct {
	Path        string
	Free, Total uint64 // bytes, Free of them for us; 0 while unknown
	Err         string // why that is not known; "" when it is
}

// WayOut is the network interface by which packets of one address family leave. The zero value is unknown.
type WayOut struct {
	Device string
	Tunnel bool // of a VPN, as its name or kind says
}

// ClockReading is what the clock of another machine showed beside ours. Others are read by the way: nothing is sent for it.
type ClockReading struct {
	Of    string        // what it is the clock of
	Ahead time.Duration // of it ours is; negative behind
	Error time.Duration // by which Ahead may be off: half of the round trip, and of the second that HTTP rounds to
	At    time.Time
}

// Whose clocks are read.
const (
	ClockOfStore   = "the PostgreSQL server"
	ClockOfTracker = "a tracker"
	ClockOfWebhook = "the webhook"
)
