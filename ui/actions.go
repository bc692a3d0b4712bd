package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// Action is something that a key does. The table of actions dispatches the keys and makes the help, the palette,
// the hint line and the manual page; a test compares it with the README's key table.
type Action struct {
	Name    string
	Keys    []string // in Bubble Tea's spelling; the space bar is " "
	Help    string   // a few words, lower case
	Group   string
	Hint    string                // label in the hint line; "" keeps it out
	Command func(m *Model) bool   // whether it is a command to the node, which a read-only Core refuses; nil for never
	Enabled func(m *Model) string // why it is not possible now, "" if it is; nil if it always is
	Do      func(m *Model) tea.Cmd
}

// The groups, in the order of the help.
const (
	groupMove    = "move"
	groupPanes   = "panes"
	groupActions = "actions"
	groupScreen  = "screen"
	groupProgram = "program"
)

// Actions returns the table. A new action is one row here and the function that it names.
func Actions() []Action {
	return slices.Concat([]Action{
		{Name: "down", Keys: []string{"j", "down"}, Help: "down one row",
			Group: groupMove, Do: move(movement.step)},
		{Name: "up", Keys: []string{"k", "up"}, Help: "up one row",
			Group: groupMove, Do: move(func(mv movement) int { return -mv.step() })},
		{Name: "half down", Keys: []string{"ctrl+d", "pgdown"}, Help: "down half a screen",
			Group: groupMove, Do: move(movement.half)},
		{Name: "half up", Keys: []string{"ctrl+u", "pgup"}, Help: "up half a screen",
			Group: groupMove, Do: move(func(mv movement) int { return -mv.half() })},
		{Name: "first", Keys: []string{"g", "home"}, Help: "first row",
			Group: groupMove, Do: move(func(movement) int { return -endOfList })},
		{Name: "last", Keys: []string{"G", "end"}, Help: "last row",
			Group: groupMove, Do: move(func(movement) int { return endOfList })},
		{Name: "left", Keys: []string{"left"}, Help: "previous view or cell, or less (lab)",
			Group: groupMove, Command: inLab, Enabled: canGoSideways, Do: sideways(-1)},
		{Name: "right", Keys: []string{"right"}, Help: "next view or cell, or more (lab)",
			Group: groupMove, Command: inLab, Enabled: canGoSideways, Do: sideways(1)},
	}, paneActions(), []Action{
		{Name: "next pane", Keys: []string{"tab"}, Help: "next pane", Group: groupPanes, Do: turn(1)},
		{Name: "previous pane", Keys: []string{"shift+tab"}, Help: "previous pane", Group: groupPanes, Do: turn(-1)},
		{Name: "next node", Keys: []string{")"}, Help: "next node (attach)", Group: groupPanes, Enabled: needsTargets, Do: turnTarget(1)},
		{Name: "previous node", Keys: []string{"("}, Help: "previous node (attach)", Group: groupPanes, Enabled: needsTargets, Do: turnTarget(-1)},
		{Name: "news", Keys: []string{"N"}, Help: "what is new or rising", Group: groupPanes, Enabled: needsNews, Do: showNews},
		{Name: "back", Keys: []string{"esc"}, Help: "go back one step", Group: groupPanes, Enabled: canGoBack, Do: back, Hint: "back"},

		{Name: "open", Keys: []string{"enter"}, Help: "open the selected row",
			Group: groupActions, Command: inLab, Enabled: canOpen, Do: open, Hint: "open"},
		{Name: "full details", Keys: []string{"v"}, Help: "show full details",
			Group: groupActions, Enabled: canShowDetails, Do: showDetails, Hint: "details"},
		{Name: "look up", Keys: []string{"l"}, Help: "look up the selected hash",
			Group: groupActions, Command: always, Enabled: needsHash, Do: lookUp, Hint: "look up"},
		{Name: "look up a hash", Keys: []string{"L"}, Help: "look up a hash or magnet link",
			Group: groupActions, Command: always, Do: askLookUp},
		{Name: "announce", Keys: []string{"a"}, Help: "announce to the closest nodes",
			Group: groupActions, Command: always, Enabled: canAnnounce, Do: askAnnounce},
		{Name: "name", Keys: []string{"n"}, Help: "fetch the hash's name",
			Group: groupActions, Command: always, Enabled: canFetchName, Do: fetchName, Hint: "name"},
		{Name: "trackers", Keys: []string{"T"}, Help: "ask the hash's trackers",
			Group: groupActions, Command: always, Enabled: needsHash, Do: scrapeTrackers},
		{Name: "watch hash", Keys: []string{"W"}, Help: "watch the hash, or no longer",
			Group: groupActions, Command: always, Enabled: canWatch, Do: turnWatch, Hint: hintUnwatch},
		{Name: "ping", Keys: []string{"p"}, Help: "ping the selected node",
			Group: groupActions, Command: always, Enabled: canPing, Do: ping},
		{Name: "crawl", Keys: []string{"c"}, Help: "start or stop the crawl",
			Group: groupActions, Command: always, Do: crawl, Hint: "crawl"},
		{Name: "reset knob", Keys: []string{"backspace"}, Help: "reset the selected knob (lab)",
			Group: groupActions, Command: always, Enabled: needsKnob, Do: resetKnob},
		{Name: "undo all", Keys: []string{"x"}, Help: "undo all that was done (lab)",
			Group: groupActions, Command: always, Enabled: canUndoAll, Do: undoAll},
		{Name: "export", Keys: []string{"e"}, Help: "export what is shown",
			Group: groupActions, Enabled: canExport, Do: askExport, Hint: "export"},
		{Name: "copy", Keys: []string{"y"}, Help: "copy the hash or address",
			Group: groupActions, Enabled: canCopy, Do: copySelected},
		{Name: "copy magnet", Keys: []string{"Y"}, Help: "copy the magnet link",
			Group: groupActions, Enabled: canCopyHash, Do: copyMagnet},

		{Name: "filter", Keys: []string{"/"}, Help: "filter the list",
			Group: groupScreen, Enabled: canFilter, Do: askFilter, Hint: "filter"},
		{Name: "freeze", Keys: []string{" "}, Help: "freeze the screen", Group: groupScreen, Do: freeze, Hint: "freeze"},
		{Name: "back in time", Keys: []string{"{"}, Help: "back in time; } goes forward",
			Group: groupScreen, Enabled: canGoBackInTime, Do: travel(-1), Hint: "earlier"},
		{Name: "forward in time", Keys: []string{"}"}, Help: "forward in time, at the end to now",
			Group: groupScreen, Enabled: canGoForward, Do: travel(1)},
		{Name: "go to time", Keys: []string{"@"}, Help: "go to a time: 12:04, -15m",
			Group: groupScreen, Enabled: canGoBackInTime, Do: askMoment},
		{Name: "zoom", Keys: []string{"z"}, Help: "one part fills the screen", Group: groupScreen, Do: zoom},
		{Name: "sort left", Keys: []string{"<"}, Help: "sort by the previous column",
			Group: groupScreen, Enabled: canSort, Do: sortBy(-1)},
		{Name: "sort right", Keys: []string{">"}, Help: "sort by the next column",
			Group: groupScreen, Enabled: canSort, Do: sortBy(1)},
		{Name: "reverse", Keys: []string{"r"}, Help: "reverse the sort order",
			Group: groupScreen, Enabled: canSort, Do: reverse},
		{Name: "window", Keys: []string{"w"}, Help: "period of requests, or kind of network",
			Group: groupScreen, Enabled: canTurn, Do: turnWindow},
		{Name: "look-alikes", Keys: []string{"R"}, Help: "show only look-alike hashes",
			Group: groupScreen, Enabled: needsRanking, Do: showAlike},
		{Name: "bucket", Keys: []string{"b"}, Help: "show one bucket, or all",
			Group: groupScreen, Enabled: needsBuckets, Do: chooseBucket},
		{Name: "previous bucket", Keys: []string{"["}, Help: "previous bucket",
			Group: groupScreen, Enabled: needsBuckets, Do: turnBucket(-1)},
		{Name: "next bucket", Keys: []string{"]"}, Help: "next bucket",
			Group: groupScreen, Enabled: needsBuckets, Do: turnBucket(1)},
		{Name: "faster", Keys: []string{"+"}, Help: "faster refresh, crawl or replay", Group: groupScreen, Command: inCrawl, Do: faster(1)},
		{Name: "slower", Keys: []string{"-"}, Help: "slower refresh, crawl or replay", Group: groupScreen, Command: inCrawl, Do: faster(-1)},
		{Name: "mask", Keys: []string{"P"}, Help: "mask addresses and our ID", Group: groupScreen, Do: mask},
		{Name: "follow", Keys: []string{"F"}, Help: "follow the selected row",
			Group: groupScreen, Enabled: canFollow, Do: follow},
		{Name: "mouse", Keys: []string{"m"}, Help: "toggle mouse capture", Group: groupScreen, Do: mouseCapture},
		{Name: "theme", Keys: []string{"t"}, Help: "next theme", Group: groupScreen, Do: nextTheme},
		{Name: "reset counters", Keys: []string{"ctrl+r"}, Help: "reset counters, or restore",
			Group: groupScreen, Do: resetCounters},

		{Name: "palette", Keys: []string{":"}, Help: "run an action by name", Group: groupProgram, Do: askAction, Hint: "actions"},
		{Name: "doctor", Keys: []string{"D"}, Help: "why is it quiet?", Group: groupProgram, Do: doctor},
		{Name: "help", Keys: []string{"?"}, Help: "help for this pane", Group: groupProgram, Do: help, Hint: "help"},
		{Name: "suspend", Keys: []string{"ctrl+z"}, Help: "suspend; fg resumes", Group: groupProgram, Do: suspend},
		{Name: "quit", Keys: []string{"q", "ctrl+c"}, Help: "quit", Group: groupProgram, Do: quit},
		{Name: "quit and keep", Keys: []string{"Q"}, Help: "quit and keep the last frame",
			Group: groupProgram, Do: quitKeepingFrame},
	})
}

// paneActions has a row for every pane: its key goes there.
func paneActions() (all []Action) {
	for p := range screen.Panes {
		whyNot := func(m *Model) string { return p.WhyNot(m.raw) }
		all = append(all, Action{Name: p.Action(), Keys: []string{p.Key()}, Help: p.Help(),
			Group: groupPanes, Enabled: whyNot, Do: show(p)})
	}
	return all
}

// whyNot returns why the action is not possible now, or "".
func (a *Action) whyNot(m *Model) string {
	if a.Command != nil && a.Command(m) {
		if why := m.readOnly(); why != "" {
			return why
		}
	}
	if a.Enabled == nil {
		return ""
	}
	return a.Enabled(m)
}

// covered reports whether an overlay hides what the action acts on.
func (a *Action) covered(st *screen.State) bool { return overlay(st) != "" && a.Group == groupActions }

// view returns the action as the help and the palette show it.
func (a *Action) view(m *Model) screen.Key {
	why := a.whyNot(m)
	help := a.Help
	if m.state.Link != nil && (a.Name == "quit" || a.Name == "quit and keep") {
		help += "; the node goes on"
	}
	return screen.Key{Name: a.Name, Keys: a.KeyNames(), Help: help, Group: a.Group, Off: why != "", Why: why}
}

// KeyNames returns the keys of an action as people write them, separated by spaces.
func (a *Action) KeyNames() string {
	names := make([]string, len(a.Keys))
	for i, k := range a.Keys {
		names[i] = KeyName(k)
	}
	return strings.Join(names, " ")
}

// KeyName returns what people call a key that Bubble Tea spells so.
func KeyName(key string) string {
	if key == " " {
		return "space"
	}
	return key
}
