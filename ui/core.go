package ui

import (
	"context"
	"net/netip"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// Core is what the screen shows and commands: an Explorer of this process (CoreOf), one of another process, or a
// recording. Its functions are called on Bubble Tea's goroutine, so they must not wait for long.
type Core struct {
	Snapshot func() *dhtcore.Snapshot
	Close    func() // ends what the screen has asked for; nil before the Explorer is open

	// Past is what was seen before; nil for nothing.
	Past Past

	// PastLooks is how many pictures of the Past are taken at most to mark what happened when; 0 for mostLooks.
	PastLooks int

	// Replay says how the Past is played where there is nothing but that, as in a recording; nil where there is a now.
	Replay *Replay

	// ReadOnly says why commands to the node are refused; "" where they are not, and the next functions are set then.
	ReadOnly string

	StartLookup    func(dhtcore.ID) error
	StartAnnounce  func(hash dhtcore.ID, port uint16) error
	StartFetchName func(dhtcore.ID) error
	StartScrape    func(dhtcore.ID) (trackers int, err error)
	Watch          func(dhtcore.WatchEntry) (fresh bool, err error)
	Unwatch        func(dhtcore.ID) error
	SetCrawl       func(bool)
	ScaleLimits    func(factor float64) dhtcore.Limits
	StartPing      func(addr netip.AddrPort, id dhtcore.ID, times int) error
	Lab            LabCore

	// What the screen looks at, which is no command. Any may be nil: nothing more is seen then.
	ZoomCrawl     func(prefix byte) screen.CrawlCells
	WatchPackets  func(on bool, f *dhtcore.PacketFilter) error
	StopPing      func()
	RankBy        func(dhtcore.Order)
	RankSwarmsBy  func(dhtcore.SwarmQuery)
	WatchHash     func(dhtcore.ID) error
	ParseTorrents func(ctx context.Context, s string) ([]dhtcore.Torrent, error)
	LearnTorrent  func(*dhtcore.Torrent)
	Note          func(text string)

	// Of a node elsewhere, nil for one of this process. Link says how the connection fares, with read-only in place of
	// ReadOnly. Late returns the oldest error of a command that was refused after its function had returned, and forgets
	// it; nil for none.
	Link func() screen.Link
	Late func() error
}

// Replay is how a recording is played.
type Replay struct {
	Start time.Time // where to begin; zero for the first picture
	Speed float64   // 1 for as it was, 0 for paused

	// Next returns the time of the first picture after a moment, zero for none; nil where that is not known.
	Next func(time.Time) time.Time

	// Gaps returns how many damaged parts were found so far; nil for none.
	Gaps func() int
}

// Past is what a screen has shown before: the tape of an Explorer, or a recording. Its methods may be called by several
// goroutines at once; At may take long.
type Past interface {
	// Span returns the times of the oldest and the newest Snapshot; zero for none.
	Span() (first, last time.Time)
	// At returns the last Snapshot at or before a moment, the oldest one before that, and its time; nil for none.
	At(moment time.Time) (*dhtcore.Snapshot, time.Time, error)
}

// CoreOf makes the terminal a Viewer of e.
func CoreOf(e *dhtcore.Explorer) Core {
	v := e.NewViewer()
	return Core{
		Snapshot: v.Snapshot, Close: v.Close, Note: e.Note, LearnTorrent: e.LearnTorrent, ParseTorrents: dhtcore.ParseTorrents,
		StartLookup: e.StartLookup, StartAnnounce: e.StartAnnounce, StartFetchName: e.StartFetchName,
		StartScrape: e.StartScrape, Watch: e.Watch, Unwatch: e.Unwatch,
		SetCrawl: e.SetCrawl, ScaleLimits: e.ScaleLimits, ZoomCrawl: e.ZoomCrawl,
		WatchPackets: v.WatchPackets, WatchHash: v.WatchHash, RankBy: v.RankBy, RankSwarmsBy: v.RankSwarmsBy,
		StartPing: v.StartPing, StopPing: v.StopPing, Lab: labOf(e), Past: e.Past(),
	}
}
