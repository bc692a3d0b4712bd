package filter

import "strings"

// Completion is what may be typed next.
type Completion struct {
	From    int      // where in the text the options begin
	Options []string // whole terms, or the start of one: "rtt>"
	Help    string   // what the term that is being typed means; "" where nothing is to say
}

// Complete says how the last term of a text can go on, in a list with these fields.
func Complete(text string, fields []Field) Completion {
	var last written
	if terms := split(text); len(terms) > 0 && strings.TrimRight(text, blanks) == text {
		last = terms[len(terms)-1]
	} else {
		last.from = len(text)
	}
	done := Completion{From: last.from}
	not := ""
	if last.not {
		not = "!"
	}
	c := compiler{columns: fields}
	switch i := c.column(last.name); {
	case i >= 0:
		f := &fields[i]
		if f.Kind == Enum && !last.quoted && (last.op == ":" || last.op == "=") {
			for _, value := range f.meant(strings.ToLower(last.value), false) {
				done.Options = append(done.Options, not+last.name+last.op+value)
			}
		}
		if done.Help = f.Help; last.value == "" && len(done.Options) == 0 {
			done.Help = f.Help + ": " + f.wants()
		}
	case last.op == "" && !last.quoted:
		word := strings.ToLower(last.value)
		for i := range fields {
			if f := &fields[i]; strings.HasPrefix(f.Name, word) {
				done.Options = append(done.Options, not+f.Usual())
			}
		}
		if word == "" {
			break
		}
		for i := range fields {
			for _, value := range fields[i].meant(word, false) {
				done.Options = append(done.Options, not+value)
			}
		}
	}
	return done
}

// CouldBeField reports whether the last term of a text, which is being typed, is the beginning of a field's name.
func CouldBeField(text string, fields []Field) bool {
	terms := split(text)
	if len(terms) == 0 || strings.TrimRight(text, blanks) != text {
		return false
	}
	last := terms[len(terms)-1]
	if last.op != "" || last.quoted || last.value == "" {
		return false
	}
	word := strings.ToLower(last.value)
	for i := range fields {
		for _, name := range append([]string{fields[i].Name}, fields[i].Aliases...) {
			if strings.HasPrefix(name, word) {
				return true
			}
		}
	}
	return false
}

// WithoutLast returns the text without its last term.
func WithoutLast(text string) string {
	terms := split(text)
	if len(terms) == 0 {
		return ""
	}
	return strings.TrimRight(text[:terms[len(terms)-1].from], blanks)
}
