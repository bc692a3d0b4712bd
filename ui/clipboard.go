package ui

import (
	"io"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"dhtop/dhtcore"
	"dhtop/views"
	"dhtop/views/text"
)

// screenLimit is how long a string GNU Screen passes through at once.
const screenLimit = 76

// canCopy tells why there is nothing to copy.
func canCopy(m *Model) string {
	if m.state.Pane == views.TablePane {
		if m.state.Node(m.snap) == nil {
			return "no node is selected: the table is empty"
		}
		return ""
	}
	return needsHash(m)
}

// copyName copies the selected node's address in the routing table, and the selected hash elsewhere.
func copyName(m *Model) tea.Cmd {
	if m.state.Pane == views.TablePane {
		addr := m.state.Node(m.snap).Addr
		return m.copy("the address "+text.Addr(addr, m.privacy()), netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()).String())
	}
	hash, _, _ := m.target()
	return m.copy("the hash "+text.Prefix(hash, 8), hash.String())
}

func copyMagnet(m *Model) tea.Cmd {
	hash, name, _ := m.target()
	return m.copy("the magnet link of "+text.Prefix(hash, 8), magnet(hash, name))
}

func (m *Model) privacy() text.Privacy {
	if m.state.Mask {
		return text.Masked
	}
	return text.Whole
}

// magnet is the link to a torrent (BEP 9).
func magnet(hash dhtcore.ID, name string) string {
	link := "magnet:?xt=urn:btih:" + hash.String()
	if name != "" {
		link += "&dn=" + url.QueryEscape(name)
	}
	return link
}

// copy puts a value into the clipboard of the terminal, also across ssh.
func (m *Model) copy(what, value string) tea.Cmd {
	m.say(time.Now(), "asked the terminal to copy %s", what)
	seq, out := clipboardSequence(value, os.Getenv), m.term
	return guard(func() tea.Msg {
		io.WriteString(out, seq) //nolint:errcheck // a terminal that is gone ends the program elsewhere
		return nil
	})
}

// clipboardSequence is OSC 52, wrapped for the multiplexer that we are in. Tmux gets it twice: by
// itself, for set-clipboard, and wrapped, for allow-passthrough; either may be off.
func clipboardSequence(value string, getenv func(string) string) string {
	seq := ansi.SetSystemClipboard(value)
	switch {
	case getenv("TMUX") != "":
		return seq + ansi.TmuxPassthrough(seq)
	case strings.HasPrefix(getenv("TERM"), "screen"):
		return ansi.ScreenPassthrough(seq, screenLimit)
	default:
		return seq
	}
}
