package list

// Explained is a column or a figure, and what the help says of it.
type Explained struct{ Name, About string }

// Section is a part of the help that explains columns or figures.
type Section struct {
	Title string
	Rows  []Explained
}

// Explain says what the columns of a table are.
func (t *Table[V]) Explain(title string) Section {
	s := Section{Title: title}
	for i := range t.Columns {
		c := &t.Columns[i]
		name := c.Title
		if name == "" {
			name = c.Name
		}
		s.Rows = append(s.Rows, Explained{name, c.About})
	}
	return s
}
