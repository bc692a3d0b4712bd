package ui

import (
	"errors"
	"io"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/ui/terminal"
	"dhtop/views/report"
	"dhtop/views/text"
)

// errOwnMasked is why our own ID is neither copied nor exported.
var errOwnMasked = errors.New("our own ID is masked: P shows it")

// canCopy reports why there is nothing to copy.
func canCopy(m *Model) string {
	addr, listed := m.selection().addr()
	switch {
	case !listed:
		return canCopyHash(m)
	case addr.IsValid():
		return ""
	default:
		return m.selection().empty()
	}
}

// canCopyHash reports why there is no hash to copy.
func canCopyHash(m *Model) string {
	if hash, _, ok := m.selection().hash(); ok && m.state.Mask(m.snap).Owns(hash) {
		return errOwnMasked.Error()
	}
	return needsHash(m)
}

// copySelected copies the address of the selected node or peer, elsewhere the selected hash.
func copySelected(m *Model) tea.Cmd {
	if addr, listed := m.selection().addr(); listed {
		shown := text.Addr(addr, m.state.Privacy())
		return copyText(m, "the address "+shown, shown)
	}
	hash, _, _ := m.selection().hash()
	return copyText(m, "the hash "+text.Prefix(hash, 8), hash.String())
}

// copyMagnet copies the magnet link of the selected hash.
func copyMagnet(m *Model) tea.Cmd {
	hash, name, _ := m.selection().hash()
	name = m.state.Mask(m.snap).Text(name)
	return copyText(m, "the magnet link of "+text.Prefix(hash, 8), report.MagnetLink(&dhtcore.HashRow{InfoHash: hash, Name: name}))
}

// copyText copies value. what names it in a toast.
func copyText(m *Model, what, value string) tea.Cmd {
	m.toast.say(time.Now(), "asked the terminal to copy %s", what)
	seq, term := terminal.CopySequence(value, os.Getenv), m.term
	return func() tea.Msg {
		io.WriteString(term, seq) //nolint:errcheck // a terminal that is gone ends the program elsewhere
		return nil
	}
}
