package protocol

import (
	"dhtop/dhtcore"
)

// Op is a kind of Request, with what it takes and what it is answered with.
type Op[A, R any] struct {
	Name    string
	Command bool // it changes more than what the client sees: it needs the token
}

// None is what an Op takes or returns that takes or returns nothing.
type None struct{}

// Cells are the parts of a cell of the crawl's heat map.
type Cells = [256]dhtcore.CrawlCell

// The requests.
var (
	Greet  = Op[Hello, None]{Name: "hello"}
	Look   = Op[View, None]{Name: "look"}
	Take   = Op[Taken, None]{Name: "take"}
	Rebase = Op[None, None]{Name: "base"} // the next Picture is to be a base

	StopPing = Op[None, None]{Name: "stop_ping"}

	Past = Op[int64, PastAnswer]{Name: "past"} // the last Snapshot of the tape at or before a moment, in nanoseconds since 1970
	Zoom = Op[byte, Cells]{Name: "zoom"}       // see Explorer.ZoomCrawl
	Lab  = Op[None, []byte]{Name: "lab"}       // a frame of record, a base of dhtcore.LabState
)

// The commands.
var (
	StartLookup    = command[dhtcore.ID, None]("lookup")
	StartAnnounce  = command[AnnounceArgs, None]("announce")
	StartFetchName = command[dhtcore.ID, None]("name")
	StartScrape    = command[dhtcore.ID, int]("scrape")
	Watch          = command[dhtcore.WatchEntry, bool]("watch") // whether it was not on the list
	Unwatch        = command[dhtcore.ID, None]("unwatch")
	StartPing      = command[PingArgs, None]("ping")
	SetCrawl       = command[bool, None]("crawl")
	ScaleLimits    = command[float64, dhtcore.Limits]("limits")
	LearnTorrent   = command[TorrentArgs, None]("learn")
	Note           = command[string, None]("note")

	SetConditions = command[dhtcore.Conditions, None]("conditions")
	BeginIncident = command[dhtcore.Incident, None]("begin_incident")
	EndIncident   = command[dhtcore.IncidentKind, None]("end_incident")
	RunScenario   = command[string, None]("scenario") // by its name; "" for none
)

func command[A, R any](name string) Op[A, R] { return Op[A, R]{Name: name, Command: true} }
