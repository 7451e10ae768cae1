"""News and urgent notices sent to the browsers of citizens, who tell nothing of themselves."""
