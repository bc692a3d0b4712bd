package terminal

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// screenChunk is the longest string that GNU Screen passes through at once, in bytes.
const screenChunk = 76

// CopySequence returns what puts value into the clipboard of the terminal, which works across SSH: OSC 52, wrapped for
// the multiplexer around us. tmux gets it twice: plain, for set-clipboard, and wrapped, for allow-passthrough, as
// either option may be off.
func CopySequence(value string, getenv func(string) string) string {
	seq := ansi.SetSystemClipboard(value)
	switch {
	case getenv("TMUX") != "":
		return seq + ansi.TmuxPassthrough(seq)
	case strings.HasPrefix(getenv("TERM"), "screen"):
		return ansi.ScreenPassthrough(seq, screenChunk)
	default:
		return seq
	}
}
