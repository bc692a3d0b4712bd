package theme

// Spark holds the heights of a sparkline, lowest first.
const Spark = "▁▂▃▄▅▆▇█"

// The glyphs with a meaning; the help overlay explains them.
const (
	Selected = '▌'
	Held     = '◆' // selected, and followed until let go
	Answered = '●' // a step that was answered, a good node, a node that serves
	Late     = '○' // a step that was answered when nobody waited any more
	Silent   = '◦' // a step that timed out, a questionable node
	Lied     = '×' // a step that lied, a bad node
	InFlight = '·' // a step that waits
	Spare    = '+' // a node in the replacement cache
	Up       = '▲'
	Down     = '▼'
	Full     = '█' // of bars
	Half     = '▒'
	Empty    = '░'
	Cursor   = '▏' // of a prompt
	Alike    = '≡' // of a hash that others look like
	Folded   = '▸' // of a line that stands for several rows
	Unfolded = '▾'
)

// ascii maps our glyphs to what stands for them where only ASCII can be shown.
var ascii = map[rune]byte{
	'─': '-', '│': '|', '┌': '+', '┐': '+', '└': '+', '┘': '+', '┤': '|', '┬': '+', '┴': '+',
	Selected: '>', Held: '@', Answered: 'o', Late: 'O', Silent: '.', Lied: 'x', InFlight: '-', Up: '^', Down: 'v',
	Full: '#', '▓': '#', Half: '=', Empty: '.', Cursor: '_', Alike: '=', Folded: '+', '◂': '<', Unfolded: '-',
	'▁': '_', '▂': '.', '▃': ':', '▄': '-', '▅': '=', '▆': '+', '▇': '*',
	'…': '~', '–': '-', '≈': '~', '±': '+', '’': '\'', '↑': '^', '↓': 'v', '→': '>', '▴': '^',
}

// Fold returns what stands for r where only ASCII can be shown: itself, its stand-in, or '?'.
func Fold(r rune) rune {
	if r < 0x80 {
		return r
	}
	if c, ok := ascii[r]; ok {
		return rune(c)
	}
	return '?'
}
