package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/screen"
)

// limitStep is what one press of + multiplies the limits by: three presses double them.
const limitStep = 1.25

// crawl starts or stops the crawl.
func crawl(m *Model) tea.Cmd {
	on := !m.snap.Crawl.Running
	m.core.SetCrawl(on)
	what, where := "stopped", ""
	if on {
		what = "started"
	}
	if m.state.Pane != screen.CrawlPane {
		where = ": 6 shows it"
	}
	m.toast.say(time.Now(), "crawl %s%s", what, where)
	return nil
}

// needsStrip returns why there is no keyspace to move in.
func needsStrip(m *Model) string { return whyNoStrip(&m.state, m.snap) }

func whyNoStrip(st *screen.State, s *dhtcore.Snapshot) string {
	switch l := st.Focus(); {
	case l != screen.CellList && l != screen.PartList:
		return "only the keyspace of the crawl has columns: 6 shows it"
	case !screen.Crawled(s):
		return "the crawl is off: c starts it"
	}
	return ""
}

// openParts opens the selected cell of the keyspace, at its first part.
func (m *Model) openParts() {
	m.state.Lists[screen.PartList] = screen.Cursor{}
	m.openCell()
}

// openCell shows the parts of the selected cell of the keyspace, as they are now.
func (m *Model) openCell() {
	parts := m.core.ZoomCrawl(m.state.Cell())
	m.state.Parts = &parts
}

// faster returns an action that speeds up by steps: a recording, the crawl in its pane, the refresh of the screen
// elsewhere.
func faster(steps int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		if m.scrub.on() && m.core.Replay != nil {
			return changeSpeed(m, steps)
		}
		if m.state.Pane == screen.CrawlPane {
			scaleLimits(m, steps)
			return nil
		}
		return changeRefresh(m, steps)
	}
}

// scaleLimits changes the limits of the governor, and shows them.
func scaleLimits(m *Model, steps int) {
	factor := limitStep
	if steps < 0 {
		factor = 1 / limitStep
	}
	now, l := time.Now(), m.core.ScaleLimits(factor)
	switch {
	case l.Packets <= 0 && l.New <= 0 && l.Bytes <= 0:
		m.toast.say(now, "no limits are set: --rate and --rate-new set them")
	case l == m.snap.Traffic.Limits:
		m.toast.say(now, "the keys go no further: %s; use --rate and --rate-new", budget(l.Packets, l.New))
	default:
		m.toast.say(now, "at most %s", budget(l.Packets, l.New))
	}
}

// budget puts the limits that are set into words.
func budget(packets, fresh float64) string {
	perSecond, perMinute := human.Rounded(packets)+" packets/s", human.Rounded(fresh)+" new destinations a minute"
	switch {
	case fresh <= 0:
		return perSecond
	case packets <= 0:
		return perMinute
	default:
		return perSecond + ", " + perMinute
	}
}
