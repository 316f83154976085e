/** Runs before anything is painted: sets the theme that the reader has chosen, if there is one. */
export const themeScript =
  "try{let t=localStorage.getItem('theme');if(t=='light'||t=='dark')document.documentElement.dataset.theme=t}catch{}"
