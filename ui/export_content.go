package ui

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
	"dhtop/views/report/capture"
	"dhtop/views/screen"
	"dhtop/views/text"
)

// exportContent is what a pane shows when the user asks to export it. It does not change any more.
type exportContent struct {
	what    string // "3 hashes"
	kind    string // for the file name: "hashes"
	formats []report.Format
	render  func(w io.Writer, f report.Format) error
}

// The formats of rows; only hashes have magnet links.
var (
	rowFormats  = []report.Format{report.CSV, report.JSON, report.NDJSON, report.Plain}
	hashFormats = append(slices.Clone(rowFormats), report.Magnet)
)

// crawlTop is how many hashes an exported crawl lists, as "dhtop crawl" does.
const crawlTop = 20

// canExport reports why there is nothing to export.
func canExport(m *Model) string {
	if c := m.selection().list(); c.WhyNotExport != nil {
		return c.WhyNotExport(&m.state, m.snap)
	}
	return ""
}

// hashContent is the ranking, or the one hash that is open.
func hashContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	rows := st.Ranked(s)
	if h := st.Hash(s); h != nil && st.Pane == screen.HashesPane && st.Zoom {
		rows = []dhtcore.HashRow{*h}
	}
	what := human.Amount(len(rows), "hash", "hashes")
	return exportContent{what, "hashes", hashFormats, func(w io.Writer, f report.Format) error {
		return report.WriteHashes(w, f, maskNames(rows, o.Mask))
	}}, nil
}

// maskNames returns the hashes with addresses and our IDs hidden in their names.
func maskNames(rows []dhtcore.HashRow, v *text.Mask) []dhtcore.HashRow {
	if v == nil {
		return rows
	}
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Name = v.Text(rows[i].Name)
	}
	return rows
}

// swarmContent is the swarms of our tracker that are listed; zoomed, all its figures.
func swarmContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	if st.Zoom {
		stats := report.NewTrackerStats(s.Tracker, o)
		return exportContent{"the tracker", "tracker", []report.Format{report.JSON}, func(w io.Writer, _ report.Format) error {
			return report.WriteJSON(w, stats)
		}}, nil
	}
	rows := slices.Clone(st.Swarms(s))
	for i := range rows {
		rows[i].Name = o.Mask.Text(rows[i].Name)
	}
	what := human.Amount(len(rows), "swarm", "swarms")
	return exportContent{what, "swarms", rowFormats, func(w io.Writer, f report.Format) error {
		return report.WriteTrackerSwarms(w, f, report.NewTrackerSwarms(rows))
	}}, nil
}

func watchContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	rows := st.Watched(s)
	if st.Zoom {
		rows = []*dhtcore.WatchRow{st.WatchedRow(s)}
	}
	what := human.Amount(len(rows), "watched entry", "watched entries")
	return exportContent{what, "watch", rowFormats, func(w io.Writer, f report.Format) error {
		return report.WriteWatch(w, f, report.NewWatchEntries(rows, o))
	}}, nil
}

func nodeContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	shown, at := st.NodeRows(s), s.At
	what := human.Amount(len(shown), "node", "nodes")
	return exportContent{what, "nodes", rowFormats, func(w io.Writer, f report.Format) error {
		nodes := make([]report.Node, len(shown))
		for i, n := range shown {
			nodes[i] = report.NewNode(n.TableNode, n.Vantage+1, at, o)
		}
		return report.WriteNodes(w, f, nodes)
	}}, nil
}

// lookupContent is the list of lookups, or the one that is open with all that it asked. While our IDs are
// masked, lookups of them are left out, as their target shows the ID.
func lookupContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	shown := s.Lookups
	if lk := st.Lookup(s); lk != nil && st.Zoom {
		shown, o.Steps = []dhtcore.LookupState{*lk}, true
	}
	shown = slices.DeleteFunc(slices.Clone(shown), func(lk dhtcore.LookupState) bool { return o.Mask.Owns(lk.Target) })
	if len(shown) == 0 {
		return exportContent{}, errOwnMasked
	}
	names := s.Metadata
	formats := []report.Format{report.JSON, report.NDJSON, report.CSV, report.Plain}
	what := human.Amount(len(shown), "lookup", "lookups")
	return exportContent{what, "lookups", formats, func(w io.Writer, f report.Format) error {
		return report.WriteLookups(w, f, shown, names, o)
	}}, nil
}

// packetContent is the log, or the packet that is open.
func packetContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	shown := st.ShownPackets(s)
	formats := []report.Format{report.NDJSON, report.JSON, report.CSV, report.Pcapng, report.Plain}
	what := human.Amount(len(shown), "packet", "packets")
	return exportContent{what, "packets", formats, func(w io.Writer, f report.Format) error {
		if f == report.Pcapng {
			return capture.Write(w, s, shown, o)
		}
		packets := make([]report.Packet, len(shown))
		for i, p := range shown {
			var hidden []bool
			if o.Mask != nil {
				hidden = text.HiddenBytes(p, p.Explain(), o.Mask)
			}
			packets[i] = report.NewPacket(p, hidden, o)
		}
		return report.WritePackets(w, f, packets)
	}}, nil
}

// crawlContent is the summary of the crawl; as CSV, the keyspace as it is shown.
func crawlContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	shown := *s
	cells, prefix := st.ShownCells(s)
	formats := []report.Format{report.JSON, report.NDJSON, report.CSV, report.Plain}
	return exportContent{"the crawl", "crawl", formats, func(w io.Writer, f report.Format) error {
		shown.Hashes.Top = maskNames(s.Hashes.Top[:min(len(s.Hashes.Top), crawlTop)], o.Mask)
		summary := report.NewCrawlSummary(&shown, crawlTop)
		switch f {
		case report.CSV:
			return report.WriteCells(w, cells[:], prefix)
		case report.JSON:
			return report.WriteJSON(w, summary)
		case report.NDJSON:
			summary.Kind = report.KindSummary
			return report.WriteNDJSON(w, summary)
		default:
			return report.WriteCrawl(w, &shown, crawlTop)
		}
	}}, nil
}

// parse reads the name of a format, and rejects one that the content does not have.
func (x *exportContent) parse(name string) (report.Format, error) {
	for _, f := range x.formats {
		if f.String() == name {
			return f, nil
		}
	}
	f, err := report.ParseFormat(name)
	switch {
	case name == report.Pcapng.String():
		return f, fmt.Errorf("only packets are a capture: type %s", x.choices())
	case err != nil:
		return f, fmt.Errorf("unknown format %q: type %s", name, x.choices())
	case f == report.Magnet:
		return f, fmt.Errorf("only hashes have magnet links: type %s", x.choices())
	default:
		return f, fmt.Errorf("%s cannot be written as %s: type %s", x.what, f, x.choices())
	}
}

// choices lists the formats.
func (x *exportContent) choices() string {
	var words strings.Builder
	for i, f := range x.formats {
		switch {
		case i == 0:
		case i == len(x.formats)-1:
			words.WriteString(" or ")
		default:
			words.WriteString(", ")
		}
		words.WriteString(f.String())
	}
	return words.String()
}

// file returns the proposed file name.
func (x *exportContent) file(f report.Format, now time.Time) string {
	return "dhtop-" + x.kind + "-" + now.Format("20060102-150405") + extension(f)
}
