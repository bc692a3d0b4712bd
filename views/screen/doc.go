// Package screen is what the keys change: which pane is shown, the lists with their selection, order and
// filter, what is opened, the prompt. It draws nothing.
//
// Package ui changes a State between frames; the panes only read it. A list is what the keys can be in, and
// follows what is selected when a new Snapshot moves it. A State is used by one goroutine.
package screen
