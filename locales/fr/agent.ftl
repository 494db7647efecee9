# Les pages des agents : comptoir, inscriptions, demandes, courriers, envois.

## Connexion

staff-sign-in-title = Connexion des agents
staff-sign-in-kept = Votre session était terminée. Rien n'a été envoyé et rien n'est perdu : connectez-vous, et ce que vous avez écrit revient.
staff-sign-in-file-lost = Votre session était terminée. Rien n'a été envoyé. Un fichier ne peut pas être gardé : connectez-vous, puis envoyez-le de nouveau.
staff-sign-in-button-lost = Votre session était terminée. Rien n'a été noté ni envoyé. Connectez-vous, puis recommencez.
staff-sign-in-cookie-lost = Le mot de passe est bon, mais votre navigateur n'a pas gardé la session. Ouvrez Passage à l'adresse { $address }, et autorisez ses cookies.
staff-kept-title = Votre saisie est gardée
staff-kept-text = Vous êtes de nouveau connecté. Rien n'a encore été envoyé : reprenez le formulaire, relisez-le, puis envoyez-le.
staff-kept-again = Reprendre le formulaire
staff-kept-drop = Abandonner cette saisie
staff-login = Identifiant
staff-password = Mot de passe
staff-sign-in = Se connecter
proconnect-title = ProConnect
proconnect-offer = Avec ProConnect
proconnect-button = S'identifier avec
proconnect-what = Qu'est-ce que ProConnect ?
proconnect-what-title = Qu'est-ce que ProConnect ? – nouvelle fenêtre
proconnect-loses-form = Avec ProConnect, ce que vous avez écrit est perdu. Avec votre mot de passe, il revient.
proconnect-or-password = Avec votre identifiant
proconnect-back = Continuer
proconnect-leave = Me déconnecter de ProConnect
proconnect-cancelled = Vous avez arrêté avant la fin. Rien n'est changé. Vous pouvez recommencer, ou vous connecter avec votre mot de passe.
proconnect-over = Cette identification est déjà finie, a duré plus de dix minutes, ou a commencé dans un autre navigateur. Recommencez.
proconnect-away = ProConnect ne répond pas pour l'instant. Réessayez plus tard, ou connectez-vous avec votre mot de passe.
proconnect-weak = ProConnect ne vous a pas identifié avec deux facteurs. Installez un second facteur dans ProConnect, ou connectez-vous avec votre mot de passe.
proconnect-doubtful = La réponse de ProConnect n'a pas pu être vérifiée. Personne n'est connecté. Réessayez, ou connectez-vous avec votre mot de passe.
proconnect-unknown = Aucun compte de ce service n'est lié à cette identité ProConnect. Si vous avez un compte, connectez-vous avec votre mot de passe, puis liez votre identité sur la page « Mon compte ». Sinon, demandez un compte à votre responsable.
proconnect-left = Vous êtes déconnecté, ici et de ProConnect.
proconnect-still-there = Vous êtes déconnecté ici. ProConnect ne répond pas : vous y êtes peut-être encore connecté. Sur un ordinateur partagé, fermez le navigateur.
proconnect-linked = Une identité ProConnect est liée à votre compte : vous pouvez vous connecter avec elle.
proconnect-not-linked = Liez votre identité ProConnect pour vous connecter avec elle. Votre mot de passe sert toujours.
proconnect-link = Lier mon identité ProConnect
proconnect-unlink = Ne plus lier mon identité ProConnect
proconnect-link-title = Lier cette identité
proconnect-link-lead = Avec cette identité ProConnect, on entrera dans votre compte. Vérifiez que c'est la vôtre.
proconnect-link-code = Un code de votre application, ou un code de secours
proconnect-link-not = Ne pas la lier
staff-leads-on = Un instant
staff-leads-on-link = Continuer
staff-demo-accounts = Version d'essai : les comptes sont affichés dans le terminal au démarrage.

## Commun

staff-form-faults = À corriger
staff-cancel = Revenir sans rien changer
staff-save = Enregistrer
staff-yes = oui
staff-no = non
staff-none = aucun
staff-reason = Raison
staff-reference = Référence
staff-reference-hint = 9 lettres et chiffres. Par exemple : K7M4-2QXN-T
staff-person = Personne
staff-queue = File
staff-queues = Les files
staff-appointment = Rendez-vous
staff-registered = Inscription
staff-born = Naissance : { $date }
staff-place = { $site }, guichet { $desk }
staff-actor-holder = l'usager
staff-actor-system = le service

## Aujourd'hui

staff-overview-title = { $prefecture }
staff-alarms = Quelque chose ne fonctionne pas
staff-alarms-lead = Transmettez ceci à la personne qui fait fonctionner Passage.
staff-todo = À faire
staff-todo-none = Rien n'attend. Tout est à jour.
staff-todo-counter = { $n ->
    [one] personne attendue au comptoir aujourd'hui
   *[other] personnes attendues au comptoir aujourd'hui
}
staff-todo-late = { $n ->
    [one] rendez-vous passé à pointer
   *[other] rendez-vous passés à pointer
}
staff-todo-identities = { $n ->
    [one] identité à vérifier
   *[other] identités à vérifier
}
staff-todo-objections = { $n ->
    [one] contestation à examiner
   *[other] contestations à examiner
}
staff-todo-letters = { $n ->
    [one] courrier à imprimer
   *[other] courriers à imprimer
}
staff-todo-rules = { $n ->
    [one] proposition de règles à relire : { $queue }
   *[other] propositions de règles à relire : { $queue }
}
staff-todo-priorities = { $n ->
    [one] priorité à approuver
   *[other] priorités à approuver
}
staff-todo-moves = { $n ->
    [one] changement de file à approuver
   *[other] changements de file à approuver
}
staff-todo-compensations = { $n ->
    [one] passage en premier à approuver, { $days } j d'attente
   *[other] passages en premier à approuver, { $days } j d'attente au plus
}
staff-todo-annulments = { $n ->
    [one] annulation de tirage à approuver
   *[other] annulations de tirage à approuver
}
staff-find = Trouver une demande
staff-find-button = Chercher
staff-find-none = Aucune demande de votre préfecture n'a cette référence. Vérifiez chaque caractère.
staff-search-title = Trouver une demande
staff-waiting = En attente
staff-awaiting = Identités à vérifier
staff-free-slots = Créneaux libres
staff-next-draw = Prochain tirage : { $at }
staff-next-draw-none = Aucun tirage prévu.
staff-next-draws = Prochains tirages
staff-told = Ce que la personne lit
staff-rules = Règles
menu-rules = Règles
staff-register-someone = Inscrire quelqu'un

## Comptoir

staff-counter-title = Comptoir
staff-days = Changer de jour
staff-day-before = Jour précédent
staff-day-after = Jour suivant
staff-counter-counts = { $all ->
    [0] Aucun rendez-vous
    [one] 1 rendez-vous
   *[other] { $all } rendez-vous
}, { $live ->
    [0] aucun à pointer.
    [one] 1 à pointer.
   *[other] { $live } à pointer.
}
staff-counter-none = Personne n'est convoqué ce jour-là.
staff-tick-present = Reçu
staff-tick-incomplete = Dossier incomplet
staff-tick-absent = Absent
staff-tick-remove = Effacer le pointage
staff-tick-word-served = reçu
staff-tick-word-incomplete = dossier incomplet
staff-tick-word-absent = absent
staff-tick-word-wrong-counter = mauvais guichet
staff-tick-word-not-the-person = pas la personne
staff-ticked-served = Reçu : noté par { $login } { $at }. Peut être corrigé jusqu'à { $until }.
staff-ticked-incomplete = Dossier incomplet : noté par { $login } { $at }. Peut être corrigé jusqu'à { $until }. Rien n'est envoyé avant.
staff-ticked-absent = Absent : noté par { $login } { $at }. Peut être corrigé jusqu'à { $until }. Rien n'est envoyé avant.
staff-ticked-wrong-counter = Mauvais guichet : noté par { $login } { $at }. Peut être corrigé jusqu'à { $until }. Rien n'est envoyé avant.
staff-ticked-not-the-person = Pas la personne : noté par { $login } { $at }. Peut être corrigé jusqu'à { $until }. Rien n'est envoyé avant.
staff-ticked-served-final = Reçu : noté par { $login } { $at }. C'est définitif.
staff-ticked-incomplete-final = Dossier incomplet : noté par { $login } { $at }. C'est définitif.
staff-ticked-absent-final = Absent : noté par { $login } { $at }. C'est définitif.
staff-ticked-wrong-counter-final = Mauvais guichet : noté par { $login } { $at }. C'est définitif.
staff-ticked-not-the-person-final = Pas la personne : noté par { $login } { $at }. C'est définitif.
staff-tick-counter = Mauvais guichet
staff-tick-person = Pas la personne
staff-tick-excuse = Nous n'avons pas pu recevoir
staff-tick-early = À pointer à partir de deux heures avant le rendez-vous.
staff-tick-right-queue = La bonne file
staff-tick-empechement-hint = Ce qui a empêché de recevoir, par exemple une panne. La personne peut le lire.
staff-tick-personne-hint = Ce que vous avez vu. La personne peut le lire et le contester.
staff-tick-missing = Ce qui manquait
staff-tick-incomplet-title = La personne est venue, et il manquait quelque chose
staff-tick-incomplet-warning = La demande attend de nouveau, avec sa date et son ancienneté : cela ne coûte rien à la personne. Elle est prévenue après la fermeture du site. Jusque-là, vous pouvez corriger.
staff-tick-incomplet-hint = Par exemple : un justificatif de domicile de moins de six mois. La personne le lira : dites-lui ce qu'elle doit apporter.
staff-tick-incomplet-confirm = Noter le dossier incomplet
staff-tick-guichet-title = La personne est venue au mauvais guichet
staff-tick-guichet-warning = Cela ne coûte rien à la personne. Vous pouvez corriger jusqu'à la fermeture du site. Ensuite, la demande attend de nouveau, avec sa date et son ancienneté, et une deuxième personne doit approuver le changement de file. Dites-le à la personne.
staff-tick-guichet-confirm = Noter le mauvais guichet
staff-tick-personne-title = Ce n'est pas la personne convoquée
staff-tick-personne-warning = Vous pouvez corriger jusqu'à la fermeture du site. Ensuite, la demande sera fermée, et la personne inscrite en sera informée. Demandez d'abord à un collègue de vérifier avec vous.
staff-tick-personne-confirm = Noter que ce n'est pas la personne
staff-tick-empechement-title = Nous n'avons pas pu recevoir cette personne
staff-tick-empechement-warning = La personne n'y est pour rien. Elle reçoit nos excuses et attend avec son ancienneté. Elle passe en premier au prochain tirage si une deuxième personne l'approuve. Ce rendez-vous est terminé.
staff-tick-empechement-confirm = Oui, ce n'est pas sa faute
staff-done-present = C'est noté : la personne a été reçue. Vous pouvez corriger jusqu'à la fermeture du site.
staff-done-incomplet = C'est noté : la personne est venue, le dossier était incomplet. Vous pouvez corriger jusqu'à la fermeture du site. Elle n'est prévenue qu'après.
staff-done-absent = C'est noté : la personne n'est pas venue. Vous pouvez corriger jusqu'à la fermeture du site. Elle n'est prévenue qu'après.
staff-done-effacer = Le pointage est effacé.
staff-done-personne = C'est noté : ce n'est pas la personne convoquée. Vous pouvez corriger jusqu'à la fermeture du site. Ensuite, la demande est fermée, et la personne inscrite est prévenue.
staff-done-empechement = C'est noté, et la personne est prévenue. Une deuxième personne doit approuver son passage en premier.
staff-done-guichet = C'est noté : la personne est venue au mauvais guichet. Vous pouvez corriger jusqu'à la fermeture du site. Ensuite, le changement de file attend une deuxième personne.
staff-done-reste = C'est retiré. Peu des personnes qui attendent pourraient accepter ce qui reste : les autres créneaux de la file attendent une deuxième personne.

## Inscrire quelqu'un

staff-register-title = Inscrire quelqu'un : { $queue }
staff-register-intro = Les mêmes questions qu'en ligne. L'inscription est gratuite, et le moyen choisi ne change rien à la place dans la file.
staff-register-person = La personne
staff-register-reach = Comment la joindre
staff-register-reach-hint = Les deux peuvent manquer : les avis partent alors par courrier.
staff-register-deadline = Une échéance, s'il y en a une
staff-register-availability = Quand elle peut venir
staff-register-submit = Inscrire
staff-field-optional = Facultatif.
staff-field-channel = La personne est
staff-channel = Inscription faite
staff-channel-counter = au comptoir
staff-channel-phone = au téléphone
staff-channel-online = en ligne
staff-field-birth-name = Nom de naissance
staff-field-birth-name-hint = Comme sur le document. S'il n'y a qu'un seul nom, écrivez-le ici.
staff-field-given-names = Prénoms
staff-field-birth-date = Date de naissance
staff-field-birth-date-hint = Par exemple : 05/01/1990. Jour ou mois inconnu : 00.
staff-field-foreigner-number = Numéro étranger
staff-field-foreigner-number-hint = 10 chiffres, ou 9 sur un ancien titre. Laissez vide s'il n'y en a pas.
staff-field-document = Document
staff-field-document-country = Pays du document
staff-field-document-country-hint = Le nom du pays, ou les trois lettres du passeport : Maroc, ou MAR.
staff-field-document-number = Numéro du document
staff-field-document-number-hint = Passeport, carte consulaire, acte de naissance ou titre, même expiré.
staff-field-document-seen = J'ai le document sous les yeux
staff-field-document-seen-hint = Au comptoir seulement. L'identité est alors vérifiée tout de suite : recopiez la bande de lecture, ou le numéro deux fois avec la nature du document et sa date. Sans cela, elle reste à vérifier.
error-document-by-phone = Un document ne se voit pas au téléphone. Décochez la case : l'identité sera vérifiée plus tard.
error-channel = Dites si la personne est au comptoir ou au téléphone.
staff-field-phone = Téléphone
staff-field-phone-hint = Facultatif. Un fixe sert à appeler la personne ; seul un mobile reçoit des SMS. Numéro étranger : commencez par +.
staff-field-email = Adresse électronique
staff-field-language = Langue des messages
staff-field-deadline = Date d'échéance
staff-field-deadline-hint = Facultatif. Par exemple la fin du titre de séjour.
staff-field-deadline-needed = Cette file la demande : la fin du titre de séjour.
staff-field-deadline-kind = Ce qui se termine à cette date
staff-field-deadline-seen = J'ai vu la preuve de cette date
staff-deadline-permit-expiry = Titre de séjour
staff-deadline-other = Autre échéance officielle
staff-deadline-seen = preuve vue
staff-deadline-unseen = preuve à voir

## Reçu

staff-receipt-title = Reçu d'inscription
staff-receipt-print-hint = Imprimez cette page et remettez-la. Le menu du navigateur, puis « Imprimer ». Ce cadre ne sort pas sur le papier.
staff-receipt-unreachable = Ni SMS ni courriel n'atteint cette personne. Remettez-lui ce reçu. Ses convocations seront des courriers : il faut les imprimer, puis les remettre ou les poster, ou elle n'en saura rien.
staff-receipt-handed-over = J'ai remis ce reçu à la personne
staff-receipt-entry = Voir la demande
staff-receipt-another = Inscrire quelqu'un d'autre
staff-done-inscription = La personne est inscrite.
paper-title = Reçu d'inscription
paper-reference = Référence :
paper-name = Nom
paper-birth = Date de naissance
paper-registered = Inscription
paper-queue = File
paper-ended = Fin
paper-place = Lieu : { $site }, { $address }, guichet { $desk }. Apportez ce papier et un document d'identité.
paper-next-draws = Prochains tirages : { $dates }.
paper-estimate = Quand aurez-vous un rendez-vous ?
paper-follow = Suivre votre demande
paper-follow-online = En ligne : { $address }, avec la référence et votre date de naissance.
paper-follow-help = Sans ordinateur : { $help }
paper-withdraw = Retirer votre demande
paper-withdraw-how = Vous pouvez la retirer à tout moment, sur la page de suivi ou auprès de la préfecture.
paper-free = Tout est gratuit
paper-free-text = Aucune place ne peut être vendue ni achetée : le rendez-vous est à votre nom. Si quelqu'un vous demande de l'argent, ne payez pas et dites-le à la préfecture.
paper-attested = Ce que ce papier atteste
paper-no-right = Ce papier n'est pas un récépissé. Il ne donne aucun droit au séjour ni au travail. Il prouve la date de votre inscription.

## Une demande

staff-entry-receipt = Imprimer le reçu
staff-entry-counter = Voir au comptoir
staff-entry-person = La personne
staff-entry-place = La place dans la file
staff-entry-same-phone = { $n ->
    [one] Une autre demande porte le même téléphone.
   *[other] { $n } autres demandes portent le même téléphone.
}
staff-entry-same-email = { $n ->
    [one] Une autre demande porte la même adresse électronique.
   *[other] { $n } autres demandes portent la même adresse électronique.
}
staff-entry-near = Peut-être la même personne
staff-entry-near-hint = Les noms et la date de naissance se ressemblent, ou un numéro est le même. Vous seul pouvez en juger, document en main.
staff-entry-near-penalty = { $entry } : terminée, mais un rendez-vous manqué ou rendu tard y compte encore. Si c'est la même personne, dites-le à un responsable.
staff-entry-acts = Agir
staff-entry-draws = Tirages
staff-entry-draws-none = Cette demande n'a encore été dans aucun tirage.
staff-entry-draw = Tirage n° { $number }, { $at } ({ $state }) : { $became }
staff-entry-notices = Avis
staff-entry-notices-none = Aucun avis.
staff-entry-notice = { $kind } ({ $way }) : { $state }, { $at }
staff-entry-history = Historique
staff-entry-penalties = Rendez-vous manqué ou rendu tard
staff-entry-objection = Voir la contestation
staff-act-objection = Noter une contestation
staff-field-objection = Ce que dit la personne
staff-act-objection-button = Enregistrer la contestation
staff-audit-line = { $at } : { $action } ({ $actor })
staff-identity = Identité
staff-identity-verified = vérifiée { $how }, { $at }
staff-identity-declared = déclarée, à vérifier
staff-identity-register = par le fichier des numéros
staff-identity-document = par un agent, document en main
staff-identity-oidc = par un fournisseur d'identité
staff-paused = en pause
staff-survived = Tirages passés sans place
staff-convoked-at = { $at }, { $site }, guichet { $desk }
staff-priority = Priorité
staff-priority-granted = accordée par deux personnes
staff-displaced = la préfecture a annulé son rendez-vous : en premier au prochain tirage
staff-suspended-until = Hors des tirages jusqu'au
staff-draw-listed = dans la liste
staff-draw-won = un rendez-vous
staff-draw-lost = pas de place cette fois
staff-draw-no-chance = aucun créneau ne convenait
staff-act-verify = Vérifier l'identité
staff-act-verify-hint = Vous avez le document sous les yeux, et c'est bien celui de la personne. La demande garde sa date d'inscription. Ce document remplace celui qui était déclaré.
staff-act-verify-button = J'ai vu le document
staff-act-compare = Comparer avec le registre des numéros
staff-act-compare-hint = Le registre connaît ce numéro, sans le jour de naissance. Ouvrez-le, et comparez le nom et l'année avec ceux de la personne. Si c'est elle, tapez le numéro comme vous l'y lisez. La demande garde sa date d'inscription.
staff-field-number-read = Numéro étranger lu dans le registre
staff-act-compare-button = J'ai comparé : c'est cette personne
staff-act-deadline = Noter une échéance vue
staff-act-deadline-button = J'ai vu la preuve
staff-act-label = Proposer une réserve ou une priorité
staff-act-label-hint = Une deuxième personne doit approuver. La raison est enregistrée.
staff-act-label-reason-hint = En quelques mots. Elle est gardée chiffrée.
staff-act-label-button = Proposer
staff-field-label = Réserve
staff-label-priority = Priorité
staff-act-availability = Changer les disponibilités
staff-act-move = Déplacer dans la bonne file
staff-act-move-hint = Une deuxième personne doit approuver. Jusque-là, la demande reste dans sa file. Ensuite, elle garde sa date et son ancienneté, et la personne est prévenue.
staff-act-move-button = Proposer le changement
staff-move-pending = Un changement vers la file « { $queue } » attend une deuxième personne. { $by }
staff-field-queue = File
staff-act-pause = Mettre en pause
staff-act-resume = Reprendre
staff-act-give-back = Rendre le rendez-vous
staff-act-withdraw = Retirer la demande
staff-ask-retirer-title = Retirer la demande
staff-ask-retirer-warning = La demande ne comptera plus dans les tirages, et son rendez-vous éventuel sera annulé. Une nouvelle inscription aurait une nouvelle date. Faites-le seulement si la personne le demande.
staff-ask-retirer-confirm = Oui, retirer la demande
staff-ask-rendre-title = Rendre le rendez-vous
staff-ask-rendre-warning = Le rendez-vous est rendu et va à un tirage suivant. Trop tard, les règles de la file s'appliquent. Faites-le seulement si la personne le demande.
staff-ask-rendre-confirm = Oui, rendre le rendez-vous
staff-ask-holder-reads = La personne lit : « { $text } »
staff-act-erase = Effacer les données de la personne
staff-reviews-title = Demandes d'examen
staff-reviews-intro = Ces personnes demandent qu'un agent relise leur demande. La loi donne un mois pour répondre. Les plus urgentes sont en haut.
staff-reviews-none = Personne n'attend de réponse.
staff-review-title = Demande d'examen
staff-review-due = Réponse à donner au plus tard le { $date }
staff-review-late = En retard : la réponse était attendue le { $date }
staff-review-asked = Demandé par { $login }, { $at }
staff-review-answered = Répondu par { $login }, { $at }
staff-review-answer = Répondre
staff-review-answer-hint = Relisez la demande et ce que les règles en ont fait. Si quelque chose est faux, corrigez-le d'abord. La personne lit cette réponse telle quelle : des phrases courtes, ce que vous avez vérifié, ce qui change ou non, et pourquoi.
staff-field-answer = Votre réponse
staff-review-answer-button = Envoyer la réponse
staff-entry-reviews = Demandes d'examen
staff-act-review = Noter une demande d'examen
staff-act-review-hint = La personne demande qu'un agent relise sa demande. Écrivez ce qu'elle dit, avec ses mots.
staff-field-review = Ce que la personne demande
staff-act-review-button = Noter la demande
staff-done-examen = La demande d'examen est notée. La réponse est due dans un mois.
staff-done-examen-repondu = La réponse est notée, et la personne en est prévenue.
staff-todo-reviews = { $n ->
    [one] demande d'examen attend une réponse
   *[other] demandes d'examen attendent une réponse
}
staff-act-merge = Réunir avec une autre demande
staff-act-merge-hint = C'est la même personne : vous avez comparé, document en main. Cette demande-ci reste, avec la plus ancienne des deux dates d'inscription. L'autre est fermée, et la personne en est avertie. Un deuxième agent doit faire pareil si le nom ou la date de naissance ne sont pas exactement les mêmes, si les deux demandes n'ont ni numéro ni document en commun, ou si vous avez inscrit ou vérifié celle qui reste.
staff-field-merge-other = La demande à fermer
staff-act-merge-reason-hint = Ce qui montre que c'est la même personne. De 5 à 300 caractères. Ce texte est chiffré.
staff-act-merge-button = Réunir les deux demandes
staff-done-reunir = C'est noté. Si un deuxième agent est nécessaire, la page le dit ; sinon les deux demandes n'en font plus qu'une.
staff-audit-entry-merged = réunie avec une autre demande de la personne
staff-entry-erased-name = Données effacées
staff-register-pairs = Cette personne attend peut-être déjà
staff-register-pairs-hint = Rien n'est encore enregistré. Comparez avec les demandes suivantes ; elles s'ouvrent dans un autre onglet. Si c'est la même personne, n'inscrivez pas une deuxième fois.
staff-register-pairs-compared = J'ai comparé : ce n'est pas la même personne
staff-ask-oublier-title = Effacer les données de la personne ?
staff-ask-oublier-warning = La personne le demande, et sa demande est terminée. Son nom, ses numéros et ses contacts sont détruits : personne ne pourra plus les lire ni retrouver cette demande par eux.
staff-ask-oublier-confirm = Effacer ses données pour toujours
staff-done-oublier = Les données de cette personne sont effacées.
staff-entry-erased = Les données de cette personne sont effacées depuis le { $date }.
staff-audit-entry-erased = données de la personne effacées
staff-availability-title = Changer les disponibilités
staff-availability-intro = Cela compte à partir de la prochaine liste. La place dans la file ne change pas.
staff-done-identite = L'identité est vérifiée.
staff-done-registre = L'identité est vérifiée.
staff-done-echeance = L'échéance est notée.
staff-done-label = C'est proposé. Rien ne change avant l'accord d'une deuxième personne.
staff-done-file = Le changement de file est proposé. Une deuxième personne doit l'approuver.
staff-done-file-retirer = Votre proposition est retirée. La demande reste dans sa file.
staff-done-file-approuvee = La demande est dans la bonne file. La personne est prévenue.
staff-done-disponibilites = Les disponibilités sont enregistrées.
staff-done-pause = La demande est en pause.
staff-done-reprendre = La demande compte de nouveau dans les tirages.
staff-done-retirer = La demande est retirée.
staff-done-rendre = Le rendez-vous est rendu.

## Identités

staff-identities-title = Identités à vérifier
staff-identities-intro = Ces personnes sont inscrites et datées, mais personne n'a encore vu leur document. Les plus anciennes d'abord.
staff-identities-none = Toutes les identités sont vérifiées.
staff-identities-oldest = Les plus anciennes d'abord
staff-identities-newest = Les plus récentes d'abord
staff-identity-letter = Depuis le { $date }. Le délai n'a pas commencé : le courrier qui demande l'identité n'est ni remis ni posté.
staff-identity-since = Depuis le { $date }. Fermeture sans vérification : le { $closes }.

## Courriers

staff-letters-title = Courriers
staff-letters-intro = Imprimez cette page : chaque courrier sort sur sa feuille, et ces cadres ne sortent pas. Puis dites ici ce qui est remis en main propre, et ce qui est posté. Les délais des personnes en dépendent : un courrier remis est reçu aussitôt, un courrier posté compte comme reçu cinq jours après.
staff-letters-none = Aucun courrier n'attend.
staff-letter-heading = { $kind } – { $name }
staff-letter-due = Dû { $at }
staff-letter-handed-over = Remis en main propre
staff-letter-posted = Posté
staff-letter-convocation = Rendez-vous { $at }. Posté aujourd'hui, ce courrier compte comme reçu le { $received }. S'il n'est ni remis ni posté, le rendez-vous risque d'être perdu pour tous, et une absence ne coûte rien à la personne.
staff-letter-too-late = Rendez-vous { $at }. Trop tard pour poster : ce courrier compterait comme reçu le { $received }. Remettez-le en main propre. Sinon, une absence ne coûte rien à la personne.
staff-letter-identity = Le délai de la personne pour faire vérifier son identité court quand ce courrier est remis, ou à partir du { $received } s'il est posté aujourd'hui. Sans lui, la demande n'est pas fermée.
staff-letter-alone = Ce courrier seul
staff-done-courrier = Le courrier est noté comme remis en main propre.
staff-done-courrier-poste = Le courrier est noté comme posté. Il compte comme reçu dans cinq jours.

## Contestations

staff-objections-title = Contestations
staff-objections-intro = Ces personnes contestent la suite d'un rendez-vous manqué ou rendu tard. Rien ne leur arrive avant une décision. Les plus anciennes d'abord.
staff-objections-none = Aucune contestation n'attend.
staff-objection-title = Une contestation
staff-objection-since = Reçue { $at }
staff-objection-noted = Noté par { $login }, { $at }
staff-objection-made = Contesté par { $login }, { $at }
staff-objection-decided = Décidé par { $login }, { $at }
staff-objection-text = Ce que dit la personne
staff-objection-decide = Décider
staff-objection-decide-hint = La personne est prévenue de la décision et en lit la raison.
staff-objection-reason-hint = De 5 à 300 caractères, en mots simples.
staff-objection-lift = Accepter : rien n'est perdu
staff-objection-uphold = Ne pas accepter
staff-done-contestation = La contestation est enregistrée. Un agent doit décider.
staff-done-maintenue = La contestation n'est pas acceptée. La personne est prévenue.
staff-done-levee = La contestation est acceptée. La personne est prévenue.

## Envois

staff-outbox-title = Envois
staff-outbox-intro = Les avis partis, les plus récents d'abord. Les numéros ne sont jamais montrés en entier.
staff-outbox-demo = Version d'essai : rien n'est vraiment envoyé, et le texte des SMS est montré.
staff-outbox-none = Rien n'est encore parti.
staff-outbox-why-no-address-for-this-way = aucune adresse pour cette voie
staff-outbox-why-no-sms-goes-to-numbers-of-this-country = aucun SMS ne part vers ce pays
staff-outbox-why-the-daily-budget-of-sms-is-spent = le budget de SMS du jour est épuisé
staff-outbox-why-the-number-has-had-its-sms-of-the-day = ce numéro a déjà reçu ses SMS du jour
staff-outbox-why-quiet-hours = rien ne part la nuit
staff-outbox-why-restored-from-a-backup = installation rétablie depuis une copie : peut-être déjà parti
staff-outbox-why-the-sender-stopped-before-the-answer = le programme s'est arrêté avant la réponse : peut-être parti
staff-outbox-due = Dû { $at }.
staff-outbox-settled = Fait { $at }.

## Mots

staff-entry-awaiting-identity = Identité à vérifier
staff-entry-waiting = En attente
staff-entry-convoked = Convoquée
staff-entry-served = Reçue
staff-entry-withdrawn = Retirée
staff-entry-closed = Fermée
staff-close-identity = identité
staff-close-missed = rendez-vous manqué
staff-close-late-cancel = annulation trop tardive
staff-close-duplicate = doublon
staff-convocation-live = À venir
staff-convocation-attended = Reçu
staff-convocation-incomplete = Dossier incomplet
staff-convocation-missed = Absent
staff-convocation-declined = Rendu à temps
staff-convocation-cancelled-late = Rendu trop tard
staff-convocation-cancelled-by-prefecture = Annulé par la préfecture
staff-convocation-cancelled-by-holder = Demande retirée
staff-convocation-wrong-counter = Mauvais guichet
staff-convocation-not-the-person = Pas la personne
staff-notice-receipt = Reçu d'inscription
staff-notice-identity-wanted = Identité à montrer
staff-notice-identity-warning = Fermeture prochaine
staff-notice-convocation = Convocation
staff-notice-reissued = Convocation émise de nouveau
staff-notice-reminder = Rappel
staff-notice-cancellation = Rendez-vous rendu
staff-notice-missed = Rendez-vous manqué
staff-notice-apology = Annulé par la préfecture
staff-notice-withdrawal = Demande retirée
staff-notice-moved = Changement de file
staff-notice-changed = Demande modifiée
staff-notice-closure = Demande fermée
staff-notice-incomplete = Dossier incomplet
staff-notice-penalty-upheld = Contestation non acceptée
staff-notice-penalty-lifted = Contestation acceptée
staff-notice-review-answered = Réponse à une demande d'examen
staff-way-sms = SMS
staff-way-email = courriel
staff-way-letter = courrier
staff-notice-state-pending = à envoyer
staff-notice-state-sending = en cours
staff-notice-state-accepted = envoyé
staff-notice-state-handed-over = remis
staff-notice-state-posted = posté
staff-notice-state-delivered = reçu
staff-notice-state-rejected = refusé
staff-notice-state-undelivered = non reçu
staff-notice-state-unknown = réponse perdue
staff-notice-state-expired = sans objet
staff-notice-state-superseded = remplacé
staff-notice-state-withheld = non envoyé : inscription en ligne, identité non vérifiée
staff-draw-state-announced = annoncé
staff-draw-state-frozen = liste close
staff-draw-state-seeded = hasard connu
staff-draw-state-drawn = tiré
staff-draw-state-published = publié
staff-draw-state-annulled = annulé
staff-slot-free = libre
staff-slot-frozen = dans une liste
staff-slot-taken = attribué
staff-slot-lapsed = trop proche
staff-slot-withdrawn = retiré
staff-audit-entry-registered = inscription
staff-audit-entry-identity-verified = identité vérifiée
staff-audit-entry-paused = mise en pause
staff-audit-entry-resumed = reprise
staff-audit-entry-availability = disponibilités changées
staff-audit-entry-deadline-seen = échéance vue
staff-audit-entry-withdrawn = demande retirée
staff-audit-entry-closed = demande fermée
staff-audit-entry-compensated = passage en premier au prochain tirage
staff-audit-entry-contact-changed = téléphone ou courriel changé
staff-audit-entry-moved = changement de file approuvé
staff-audit-entry-move-proposed = changement de file proposé
staff-audit-entry-move-rejected = changement de file rejeté
staff-audit-entry-move-withdrawn = proposition de changement de file retirée
staff-audit-entry-labelled = réserve accordée
staff-audit-entry-label-proposed = réserve proposée
staff-audit-entry-priority-proposed = priorité proposée
staff-audit-entry-priority-granted = priorité approuvée
staff-audit-entry-priority-rejected = priorité rejetée
staff-audit-entry-priority-withdrawn = proposition de priorité retirée
staff-audit-convocation-ticked = pointage
staff-audit-convocation-issued = rendez-vous donné
staff-audit-convocation-reissued = convocation émise de nouveau, au nom corrigé
staff-audit-convocation-ended = fin du rendez-vous
staff-audit-convocation-tick-corrected = pointage corrigé
staff-audit-convocation-tick-removed = pointage effacé
staff-audit-penalty-announced = suite d'un rendez-vous annoncée
staff-audit-penalty-objected = contestation
staff-audit-penalty-upheld = contestation non acceptée
staff-audit-penalty-lifted = contestation acceptée
staff-audit-entry-review-asked = examen demandé
staff-audit-entry-review-answered = réponse à la demande d'examen
staff-audit-penalty-in-force = suite d'un rendez-vous en vigueur

# Trouver quelqu'un
staff-find-otherwise = Chercher par un numéro, un téléphone ou un nom
staff-search-by-reference = Par la référence
staff-search-by-papers = Par les papiers ou le contact
staff-search-intro = Remplissez une seule ligne. Le motif et la recherche sont enregistrés.
staff-search-by-name = Ou par le nom, avec la date de naissance. Une orthographe proche suffit.
staff-search-reason = Motif de la recherche
staff-search-reason-hint = La personne verra que son dossier a été ouvert, et pourquoi.
staff-search-reason-at-the-counter = La personne est au guichet
staff-search-reason-on-the-phone = La personne est au téléphone
staff-search-reason-by-letter = La personne a écrit
staff-search-reason-lost-reference = La personne a perdu sa référence
staff-search-reason-pair-to-check = Deux demandes à comparer
staff-found-title = Résultats
staff-found = { $n ->
    [0] Aucune demande de votre préfecture ne correspond. Vérifiez ce que vous avez tapé, ou essayez une autre ligne.
    [one] Une demande correspond. Ouvrez-la pour voir le nom entier.
   *[other] { $n } demandes correspondent. Ouvrez celle de la personne pour voir le nom entier.
 }
staff-found-many = Plus de { $max } demandes correspondent. Voici les premières. Précisez avec un numéro ou un document.
staff-found-about = né(e) en { $year } · { $queue } · inscrite le { $date }

# Qui lit les dossiers
menu-readings = Lectures
staff-reading-entry = page de la demande
staff-reading-search = recherche
staff-reading-counter = comptoir
staff-reading-identity = vérification d'identité
staff-reading-pair = demandes à comparer
staff-reading-message = courrier, reçu ou envoi
staff-reading-decision = décision à deux ou contestation

# Son propre compte
staff-code-title = Votre code
staff-code = Code à 6 chiffres
staff-code-hint = Celui de l'application de votre téléphone. Ou un code de secours.
staff-code-lost = Téléphone perdu ? Utilisez un code de secours. Si vous n'en avez plus, deux responsables peuvent retirer votre second facteur.
staff-code-other = Se connecter avec un autre identifiant
staff-link-title = Choisir votre mot de passe
staff-link-invitation = Votre compte est prêt. Choisissez un mot de passe que vous seul connaissez.
staff-link-password = Choisissez un nouveau mot de passe. L'ancien ne marchera plus, et vos sessions ouvertes seront fermées.
staff-link-done = Votre mot de passe est enregistré. Connectez-vous.
staff-password-rules = Au moins 12 caractères. Quelques mots qui ne vont pas ensemble font un bon mot de passe. Personne ne vous le demandera jamais.
staff-password-new = Nouveau mot de passe
staff-password-again = Le même, encore une fois
staff-password-old = Mot de passe actuel
staff-password-set = Enregistrer le mot de passe
staff-password-change = Changer le mot de passe
staff-account-title = Mon compte
staff-account-prefecture = Préfecture affichée
staff-account-prefecture-shown = Préfecture
staff-account-prefecture-show = Afficher
staff-second-factor = Second facteur
staff-second-factor-title = Installer le second facteur
staff-second-factor-none = Vous vous connectez avec votre mot de passe seul. Un second facteur protège les dossiers si quelqu'un le devine.
staff-second-factor-set = Installer un second facteur
staff-second-factor-change = Changer de téléphone
staff-second-factor-lead = Il faut une application qui donne des codes (par exemple FreeOTP, Aegis ou Google Authenticator), sur votre téléphone.
staff-second-factor-scan = Dans l'application, ajoutez un compte et visez cette image.
staff-second-factor-type = L'application ne lit pas l'image ? Tapez cette clé :
staff-second-factor-code = Le code à 6 chiffres qu'elle montre
staff-second-factor-password = Votre mot de passe
staff-second-factor-old-code = Un code de l'ancienne application, ou un code de secours
staff-second-factor-confirm = Vérifier et installer
staff-codes-left = { $n ->
    [0] Installé. Il ne vous reste aucun code de secours : réinstallez-le pour en avoir de nouveaux.
    [one] Installé. Il vous reste un code de secours.
   *[other] Installé. Il vous reste { $n } codes de secours.
 }
staff-recovery-title = Vos codes de secours
staff-recovery-done = Le second facteur est installé.
staff-recovery-lead = Notez ces codes sur papier et gardez-les loin de votre téléphone. Chacun sert une fois, si vous n'avez plus l'application. Ils ne seront plus montrés.
staff-recovery-kept = Je les ai notés
staff-sessions = Sessions ouvertes
staff-sessions-lead = Une session que vous ne reconnaissez pas ? Fermez-la, puis changez de mot de passe.
staff-session-when = Ouverte le { $since }, utilisée le { $seen }
staff-session-this = C'est celle-ci.
staff-session-proconnect = Ouverte avec ProConnect
staff-session-end = Fermer cette session
staff-role-agent = Agent
staff-role-manager = Responsable
staff-role-auditor = Contrôle
staff-role-administrator = Administration des comptes
staff-account-invited = invité
staff-account-unconfirmed = à confirmer
staff-account-active = actif
staff-account-disabled = désactivé
staff-done-mot-de-passe = Votre mot de passe est changé. Vos autres sessions sont fermées.
staff-done-session = La session est fermée.
staff-done-compte = C'est fait.
staff-done-proconnect = Votre identité ProConnect est liée à votre compte. Vos autres sessions sont fermées.
staff-done-proconnect-retiree = Votre identité ProConnect n'est plus liée à votre compte. Vos autres sessions sont fermées.
menu-accounts = Comptes
staff-link-sms-invitation = Passage : votre compte { $login } est prêt. Choisissez votre mot de passe, ne transmettez ce lien à personne : { $url }
staff-link-sms-password = Passage : choisissez un nouveau mot de passe pour { $login }. Ne transmettez ce lien à personne : { $url }

# Coordonnées
staff-act-contact = Changer le téléphone ou le courriel
staff-act-contact-hint = Écrivez tout ce qui doit servir ensuite. L'ancien contact reçoit un message.
staff-act-contact-button = Enregistrer
staff-done-coordonnees = Les coordonnées sont changées. L'ancien contact a reçu un message, s'il pouvait en recevoir.

# Corrections
staff-field-document-number-again = Numéro du document, encore une fois
staff-field-document-zone = Bande de lecture du document
staff-field-document-zone-hint = Les deux ou trois lignes de lettres, de chiffres et de « < », en bas du passeport ou au dos de la carte. Un lecteur les tape, ou vous les recopiez. Elles remplacent le pays, le numéro, la nature et la date.
staff-document-or-typed = Sans bande de lecture, remplissez tout ce qui suit.
staff-field-document-kind = Nature du document
staff-field-document-kind-none = Choisissez
staff-field-document-expires = Valable jusqu'au
staff-document-passport = Passeport
staff-document-identity-card = Carte d'identité
staff-document-residence-permit = Titre de séjour
staff-document-other = Autre document
staff-document-expires = valable jusqu'au { $date }
staff-document-expired = expiré depuis le { $date }
staff-act-correct = Corriger le nom ou la date de naissance
staff-act-correct-hint = Pour une faute de frappe. Écrivez le nom entier et la date comme sur le document. Un deuxième agent est nécessaire pour un autre nom, un nom de plus ou de moins, une autre date de naissance, une deuxième correction, une personne convoquée, ou si vous avez vérifié l'identité vous-même. Si vous corrigez seul une demande, un autre agent vérifiera son identité.
staff-act-correct-reason-hint = Ce que vous avez vu, en une phrase.
staff-act-correct-button = Corriger
staff-act-correct-waits = Cette demande est dans une liste close, et le résultat du tirage n'est pas encore publié. La correction est gardée et attend ce résultat. Elle sera faite d'elle-même ensuite. Si la personne est alors convoquée, un deuxième agent devra la confirmer.
staff-act-correct-convoked = La convocation est au nom de la personne. Elle montre de nouveau ce qui a servi à vérifier son identité : recopiez son numéro étranger, ou le pays et le numéro de son document. Un deuxième agent fait de même. La convocation est alors émise de nouveau, au nom corrigé : même jour, même heure, même lieu.
staff-act-drop-correction = Renoncer à ce qui est demandé
staff-act-take-over = Rendre la demande à la personne dont c'est le numéro
staff-act-take-over-hint = Quelqu'un a fait cette demande avec le numéro et la date de naissance de la personne qui est devant vous. Elle prouve son identité : la demande et sa date sont à elle, avec une nouvelle référence. L'ancien contact est prévenu. Un deuxième agent doit voir le document et remplir le même formulaire.
staff-act-take-over-button = Rendre la demande à la personne
staff-merge-asked = { $login } propose de réunir cette demande, inscrite le { $day }, avec la demande { $reference }, inscrite le { $other-day }, qui serait fermée. Celle-ci garderait la date la plus ancienne. Un deuxième agent compare, document en main, puis fait de même plus bas : « Réunir avec une autre demande ».
staff-correction-asked = { $login } demande une correction. Un autre agent doit voir la personne ou son document, et remplir le même formulaire.
staff-correction-waits = { $login } a demandé une correction { $at }. La demande est dans une liste close : la correction attend la publication du tirage{ $has-draw ->
    [yes] , prévu { $draw }
   *[no] {""}
 }. Ensuite elle est faite d'elle-même. Si la personne est alors convoquée, si le nom est un autre nom ou si ce n'est pas la première correction, un deuxième agent doit la confirmer.
staff-convocation-reissued = Version { $issue }, émise le { $date } après correction du nom. Une version antérieure, à l'ancien nom, a existé : elle n'est plus valable.
staff-done-correction-abandon = La correction n'aura pas lieu.
staff-register-helper = Si quelqu'un aide la personne
staff-register-helper-hint = Famille, association, travailleur social, avocat : avec le mandat de la personne. Laissez vide si elle s'inscrit elle-même. Un même aidant peut aider plusieurs personnes.
staff-helper-nobody = Aucune aide
staff-field-helper-kind = Qui aide
staff-field-helper-name = Nom de la personne ou de l'organisation qui aide
staff-field-helper-mandate = Le mandat est déclaré
staff-field-helper-seen = Mandat vu
staff-field-helper-seen-hint = Ce que vous avez vu, en une phrase. Vide si le mandat est seulement déclaré.
staff-field-helper-contact = Le contact donné est celui de l'aidant
staff-entry-helper = Aide
staff-act-end-helper = Mettre fin à cette aide
staff-act-end-helper-hint = La personne le demande, ou le mandat n'existe plus. Elle reçoit un avis. Changez le contact si c'était celui de l'aidant.
staff-act-end-helper-button = Mettre fin à l'aide
staff-done-aide-fin = L'aide est finie. Changez le contact si c'était celui de l'aidant.
staff-audit-entry-helper-ended = fin de l'aide
staff-done-correction = C'est enregistré. Si un deuxième agent est nécessaire, la page de la demande le dit.
staff-done-reprise = C'est enregistré. Si un deuxième agent est nécessaire, la page de la demande le dit. Sinon, donnez à la personne sa nouvelle référence.
staff-audit-entry-correction-asked = correction demandée
staff-audit-entry-correction-queued = correction gardée jusqu'au résultat du tirage
staff-audit-entry-correction-dropped = correction abandonnée
staff-audit-entry-corrected = nom ou date de naissance corrigés
staff-audit-entry-taken-over = demande rendue à la personne dont c'est le numéro
